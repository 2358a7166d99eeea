import type { ItemId } from '../domain/ids.js';
import { cosine } from '../domain/ranking/steer.js';
import { assertWords } from './assert-words.js';
import type { Ports } from './ports.js';
import type { RankingView } from './ranking-view.js';
import type { ShowableItems } from './showable-items.js';

/** What a person asked for in their own words, as a place in the encoder's space. */
export interface Wish {
  readonly words: string;
  /** L2-normalised. */
  readonly vector: Float32Array;
}

/** Reads the words of a request; null where none came. */
export async function readWish(
  { text }: Pick<Ports, 'text'>,
  request: string | null | undefined,
): Promise<Wish | null> {
  if (request === null || request === undefined) return null;
  assertWords(request, 'request');
  const [vector = new Float32Array()] = await text.encode([request]);
  return { words: request.trim(), vector };
}

/** How near the items that may be shown are to a wish. */
export interface Nearness {
  /** In standard deviations over those items; 0 for an item whose words were not read yet. */
  of(id: ItemId): number;
  /** Nearest first. */
  readonly nearest: readonly ItemId[];
}

/** So many come in by nearness alone, whatever the ranker thinks of them: half as many as by the ranker. */
const NEAREST = 200;

/** Null where no words of the catalogue were read yet. A scan of 12,000 items of 512 numbers takes some 8 ms. */
export function nearnessTo(
  { vector }: Wish,
  { vectors }: RankingView,
  showable: ShowableItems,
): Nearness | null {
  const near = showable.ids().flatMap((id) => {
    const own = vectors.get(id);
    return own?.length === vector.length ? [{ id, closeness: cosine(own, vector) }] : [];
  });
  if (near.length === 0) return null;
  const mean = near.reduce((sum, { closeness }) => sum + closeness, 0) / near.length;
  const spread = near.reduce((sum, { closeness }) => sum + (closeness - mean) ** 2, 0) / near.length;
  const deviation = Math.sqrt(spread) || 1;
  const deviations = new Map(near.map(({ id, closeness }) => [id, (closeness - mean) / deviation]));
  near.sort((a, b) => b.closeness - a.closeness);
  return {
    of: (id) => deviations.get(id) ?? 0,
    nearest: near.slice(0, NEAREST).map(({ id }) => id),
  };
}
