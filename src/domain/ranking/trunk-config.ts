import type { RankingData } from './part.js';
import type { RankerRecipe } from './recipe.js';
import type { TrunkConfig } from './trunk.js';

/** Median history from which a set counts as one of long histories (Amazon sets: 6, MovieLens: 96). */
const LONG_HISTORY = 40;
/** Events from which the wider model pays. */
const MANY_EVENTS = 120_000;

/** Steps of an epoch to aim at: with 130, Beauty takes 8 epochs to its best validation score. */
const STEPS_PER_EPOCH = 130;

/** Rows of a batch: tokens of an epoch / 130, between 512 (smaller steps cost more than they teach) and 4,096 tokens. */
export function rowsFor({ sequences }: Pick<RankingData, 'sequences'>, history: number): number {
  const tokens = sequences.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0);
  const perStep = Math.max(512, Math.min(4096, tokens / STEPS_PER_EPOCH));
  return Math.max(2, Math.round(perStep / history));
}

/**
 * The trunk by rule from the data. Short histories: one block is enough and more overfits (eSASRec); heavy dropout. Long ones: 200
 * items of history, two gated blocks, which do not collapse with depth.
 */
export function trunkConfigFor(
  data: Pick<RankingData, 'itemCount' | 'sequences'>,
  choices: RankerRecipe = {},
): TrunkConfig {
  const lengths = data.sequences.map(({ length }) => length).sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1] ?? 0;
  const events = lengths.reduce((a, b) => a + b, 0);
  const isLong = median >= LONG_HISTORY;
  const width = choices.width ?? (isLong || events < MANY_EVENTS ? 64 : 128);
  return {
    itemCount: data.itemCount,
    width,
    blocks: choices.blocks ?? (isLong ? 2 : 1),
    heads: isLong ? 2 : 1,
    block: choices.block ?? (isLong ? 'gated' : 'transformer'),
    history: isLong ? 200 : 50,
    dropout: isLong ? 0.2 : 0.3,
    temperature: 0.05,
  };
}
