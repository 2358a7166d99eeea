import { useQuery } from '@apollo/client/react';
import { PictureOffersDocument, type GeneratedKind, type PictureOffersQuery } from '../generated/graphql.js';

export type Offer = PictureOffersQuery['pictureOffers'][number];

const NAMES: Readonly<Record<GeneratedKind, string>> = {
  IMAGE: 'From words',
  BUNDLE: 'A set in one palette',
  SUBJECT: 'With a thing of mine',
  TRY_ON: 'Worn by me',
  VARIATION: 'Another version',
  UPSCALE: 'Larger',
};

/** What can be made here, either from a work or without one. */
export function useOffers(fromWork: boolean): readonly Offer[] {
  const { data } = useQuery(PictureOffersDocument);
  return (data?.pictureOffers ?? []).filter(({ startsFromWork }) => startsFromWork === fromWork);
}

interface KindChoiceProps {
  readonly offers: readonly Offer[];
  readonly chosen: GeneratedKind;
  readonly onChoose: (kind: GeneratedKind) => void;
}

/** Shown only where the providers that are set up leave a choice. */
export function KindChoice({ offers, chosen, onChoose }: KindChoiceProps) {
  if (offers.length < 2) return null;
  return (
    <fieldset>
      <legend>What</legend>
      <div className="segments">
        {offers.map(({ kind }) => (
          <label className="segment" key={kind}>
            <input type="radio" name="kind" checked={kind === chosen} onChange={() => onChoose(kind)} />
            <span>{NAMES[kind]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
