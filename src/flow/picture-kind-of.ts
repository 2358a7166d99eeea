import { DomainError } from '../domain/errors.js';
import {
  ROLES_WANTED,
  STARTS_FROM_PICTURE,
  TAKES_STRENGTH,
  type PictureKind,
  type ReferenceRole,
} from '../domain/imaging/picture-kind.js';
import type { Work } from '../domain/work.js';
import type { GeneratePicturesPayload } from './jobs.js';
import type { ImageMaker, PictureOffer } from './ports.js';

const KIND_OF: Readonly<Record<Work['kind'], PictureKind>> = {
  IMAGE: 'text-to-image',
  VARIATION: 'image-to-image',
  SUBJECT: 'subject-driven',
  TRY_ON: 'try-on',
  UPSCALE: 'upscale',
  BUNDLE: 'text-to-image',
};

type Asked = Pick<GeneratePicturesPayload, 'kind' | 'remixOf'>;

/** A picture that starts from another one is a variation of it, whatever it was asked for as. Rows of old have no kind. */
export function workKindOf({ kind = 'IMAGE', remixOf }: Asked): Work['kind'] {
  return kind === 'IMAGE' && remixOf !== null ? 'VARIATION' : kind;
}

export function pictureKindOf(asked: Asked): PictureKind {
  return KIND_OF[workKindOf(asked)];
}

/** What making one costs; INVALID_INPUT, with how to set one up, where no configured provider makes this kind. */
export function offerFor({ offers, name }: ImageMaker, kind: PictureKind): PictureOffer {
  const offer = offers[kind];
  if (offer !== undefined) return offer;
  const able = Object.keys(offers).join(', ');
  throw new DomainError(
    'INVALID_INPUT',
    `kind: ${kind} was asked for, but the configured provider (${name}) makes only ${able}; ` +
      'set VITRINE_IMAGE_PROVIDER=replicate,local and REPLICATE_API_TOKEN (docs/pictures/providers.md)',
    { path: ['input', 'kind'] },
  );
}

export interface OfferedKind extends PictureOffer {
  readonly kind: Work['kind'];
  readonly wants: readonly ReferenceRole[];
  readonly startsFromWork: boolean;
  readonly takesStrength: boolean;
}

/** What can be asked for here, in the order of the list above. */
export function offeredKinds({ offers }: ImageMaker): OfferedKind[] {
  return (Object.keys(KIND_OF) as Work['kind'][]).flatMap((kind) => {
    const made = KIND_OF[kind];
    const offer = offers[made];
    if (offer === undefined) return [];
    const startsFromWork = STARTS_FROM_PICTURE.has(made);
    const takesStrength = TAKES_STRENGTH.has(made);
    return [{ ...offer, kind, wants: ROLES_WANTED[made], startsFromWork, takesStrength }];
  });
}
