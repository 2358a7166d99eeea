/** What may be asked of a maker of pictures; each maker says which of these it offers. */
export const PICTURE_KINDS = [
  'text-to-image',
  'image-to-image',
  'subject-driven',
  'try-on',
  'upscale',
] as const;
export type PictureKind = (typeof PICTURE_KINDS)[number];

export const REFERENCE_ROLES = ['SUBJECT', 'PERSON', 'GARMENT'] as const;
/** What a reference picture shows. */
export type ReferenceRole = (typeof REFERENCE_ROLES)[number];

/** The roles that a kind cannot do without, each at least once. */
export const ROLES_WANTED: Readonly<Record<PictureKind, readonly ReferenceRole[]>> = {
  'text-to-image': [],
  'image-to-image': [],
  'subject-driven': ['SUBJECT'],
  'try-on': ['PERSON', 'GARMENT'],
  upscale: [],
};

/** Kinds that change a picture there is: they need one to start from. */
export const STARTS_FROM_PICTURE: ReadonlySet<PictureKind> = new Set(['image-to-image', 'upscale']);

/** Kinds that can give up more or less of the picture they start from; a larger one keeps all of it. */
export const TAKES_STRENGTH: ReadonlySet<PictureKind> = new Set(['image-to-image']);
