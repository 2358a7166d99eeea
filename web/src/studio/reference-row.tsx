import { useState } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { Icon, type IconName } from '../components/icon.js';
import { MadeBadge } from '../components/made-badge.js';
import { shortDate } from '../components/short-date.js';
import { useNotice } from '../shell/notices.js';
import type { Reference } from './use-references.js';

interface ReferenceRowProps {
  readonly reference: Reference;
  /** Left out where there is nothing to choose. */
  readonly chosen?: boolean;
  readonly onChoose?: () => void;
  readonly onRemove: () => Promise<void>;
}

const ROLES: Readonly<Record<Reference['role'], { readonly word: string; readonly icon: IconName }>> = {
  SUBJECT: { word: 'Thing', icon: 'spark' },
  PERSON: { word: 'Person', icon: 'person' },
  GARMENT: { word: 'Garment', icon: 'tag' },
};

/** A picture that was given: what it looks like, how large it is, what was agreed to, and a way to delete it. */
export function ReferenceRow({ reference, chosen, onChoose, onRemove }: ReferenceRowProps) {
  const { id, role, width, height, aiMarked } = reference;
  const text = (
    <span className="reference-words">
      <strong>{ROLES[role].word}</strong>
      {width && height ? <span className="small muted numeric">{`${width} × ${height}`}</span> : null}
      {aiMarked && <MadeBadge />}
    </span>
  );
  return (
    <li className="reference" data-reference={id}>
      {onChoose ? (
        <label className="reference-look">
          <input type="radio" name={role} checked={chosen ?? false} onChange={onChoose} />
          <Thumb reference={reference} />
          {text}
        </label>
      ) : (
        <span className="reference-look">
          <Thumb reference={reference} />
          {text}
        </span>
      )}
      <RemoveButton reference={reference} onRemove={onRemove} />
      <Consent reference={reference} />
    </li>
  );
}

/** By an address that runs out: where it has, as in a page left open over lunch, only a sign. */
function Thumb({ reference: { role, thumbnailUrl } }: { readonly reference: Reference }) {
  const [gone, setGone] = useState<string | null>(null);
  return (
    <span className="reference-thumb">
      {!thumbnailUrl || gone === thumbnailUrl ? (
        <Icon name={ROLES[role].icon} />
      ) : (
        <img
          src={thumbnailUrl}
          alt="The picture you gave"
          width="56"
          height="56"
          decoding="async"
          onError={() => setGone(thumbnailUrl)}
        />
      )}
    </span>
  );
}

function RemoveButton({ reference, onRemove }: Pick<ReferenceRowProps, 'reference' | 'onRemove'>) {
  const [removing, setRemoving] = useState(false);
  const notice = useNotice();
  const remove = () => {
    setRemoving(true);
    onRemove().catch((error: unknown) => {
      setRemoving(false);
      notice({ text: sentenceOf(error) });
    });
  };
  const of = `${ROLES[reference.role].word.toLowerCase()} of ${shortDate(reference.consentedAt)}`;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Delete the ${of}`}
      title="Delete"
      disabled={removing}
      onClick={remove}
    >
      <Icon name="remove" />
    </button>
  );
}

/** When the person agreed, and to which words: they are kept as they were shown. */
function Consent({ reference: { consentText, consentedAt } }: { readonly reference: Reference }) {
  return (
    <details className="reference-consent small muted">
      <summary>You agreed on {shortDate(consentedAt)}</summary>
      <p>{`“${consentText}”`}</p>
    </details>
  );
}
