import type { GalleryFacetField, GalleryFilter, GalleryOrder } from '../generated/graphql.js';

/** Facts to choose from by their counts, and the filter that each goes into. */
export const FACETS = {
  style: 'styles',
  colour: 'colours',
  topic: 'topics',
  model: 'models',
} as const satisfies Partial<Record<GalleryFacetField, keyof GalleryFilter>>;
export type FacetName = keyof typeof FACETS;

/** What the person asked of the gallery. */
export interface GalleryWish {
  readonly text: string;
  readonly favouritesOnly: boolean;
  readonly mine: boolean;
  readonly groupVariants: boolean;
  readonly minRating: number | null;
  /** Null: by relevance where something is looked for, else the newest first. */
  readonly order: GalleryOrder | null;
  readonly similarTo: string | null;
  readonly collectionId: string | null;
  readonly chosen: Readonly<Partial<Record<FacetName, readonly string[]>>>;
}

export const EVERYTHING: GalleryWish = {
  ...{ text: '', favouritesOnly: false, mine: false, groupVariants: false, minRating: null },
  ...{ order: null, similarTo: null, collectionId: null, chosen: {} },
};

export function filterOf(wish: GalleryWish): GalleryFilter {
  const { text, favouritesOnly, mine, groupVariants, minRating, similarTo, collectionId, chosen } = wish;
  const lists = Object.entries(chosen).flatMap(([name, values]) =>
    values.length > 0 ? [[FACETS[name as FacetName], [...values]] as const] : [],
  );
  return {
    ...(text !== '' && { text }),
    ...(favouritesOnly && { favouritesOnly }),
    ...(mine && { mine }),
    ...(groupVariants && { groupVariants }),
    ...(minRating !== null && { minRating }),
    ...(similarTo !== null && { similarTo }),
    ...(collectionId !== null && { collectionId }),
    ...Object.fromEntries(lists),
  };
}

/** Whether a new work belongs in front: only the server knows where it would stand in another order. */
export function isNewestFirst({ order, similarTo, groupVariants }: GalleryWish): boolean {
  return (order === null || order === 'NEWEST') && similarTo === null && !groupVariants;
}

/** How many things the person narrowed the gallery by, words apart. */
export function narrowedBy({ favouritesOnly, mine, minRating, chosen }: GalleryWish): number {
  const lists = Object.values(chosen).filter((values) => values.length > 0).length;
  return lists + [favouritesOnly, mine, minRating !== null].filter(Boolean).length;
}

/** The same wish with this value of a fact chosen, or no longer. */
export function withChoice(wish: GalleryWish, name: FacetName, value: string): GalleryWish {
  const before = wish.chosen[name] ?? [];
  const values = before.includes(value) ? before.filter((one) => one !== value) : [...before, value];
  return { ...wish, chosen: { ...wish.chosen, [name]: values } };
}
