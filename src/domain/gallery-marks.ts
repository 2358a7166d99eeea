import { nameColour } from './imaging/colour-names.js';
import type { Item } from './item.js';
import type { Work } from './work.js';

/** What a filter can name exactly: the recipe, the picture's colours and the item's topics. */
export const MARK_KINDS = [
  'kind',
  'provider',
  'model',
  'style',
  'colour',
  'topic',
  'facet',
  'steps',
  'guidance',
  'width',
  'height',
  'strength',
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** What anybody may read of a work, recipe shared or not; only these are ever counted for a page. */
export const PUBLIC_MARKS = ['kind', 'provider', 'model', 'style', 'colour', 'topic'] as const;
export type PublicMark = (typeof PUBLIC_MARKS)[number];

export const markOf = (kind: MarkKind, value: string | number): string => `${kind}:${value}`;

/** Every exact fact of a work as `kind:value`, so that one index answers any mixture of filters. */
export function galleryMarks({ kind, recipe }: Work, item: Pick<Item, 'topics'>, colours: readonly string[]) {
  const { provider, model, style, steps, guidance, width, height, strength, facets } = recipe;
  const single = { kind, provider, model, style, steps, guidance, width, height, strength };
  const marks = Object.entries(single).flatMap(([name, value]) =>
    value === null ? [] : [markOf(name as MarkKind, value)],
  );
  marks.push(...facets.map((facet) => markOf('facet', facet)));
  marks.push(...colours.map((colour) => markOf('colour', colour)));
  marks.push(...item.topics.map((topic) => markOf('topic', topic)));
  return [...new Set(marks)];
}

/** The everyday names of a palette of hex colours, most telling first. */
export function coloursOf(palette: readonly string[]): string[] {
  const names = palette.map((hex) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    return nameColour(red, green, blue);
  });
  return [...new Set(names)];
}
