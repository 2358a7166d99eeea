import type { RankingData } from './part.js';
import type { TrunkConfig } from './trunk.js';

/** Median history from which a set counts as one of long histories (Amazon sets: 6, MovieLens: 96). */
const LONG_HISTORY = 40;
/** Events from which the wider model pays. */
const MANY_EVENTS = 120_000;

/**
 * The trunk by rule from the data. Short histories: one block is enough and more overfits (eSASRec); heavy dropout. Long ones: 200
 * items of history, two gated blocks, which do not collapse with depth.
 */
export function trunkConfigFor(data: Pick<RankingData, 'itemCount' | 'sequences'>): TrunkConfig {
  const lengths = data.sequences.map(({ length }) => length).sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1] ?? 0;
  const events = lengths.reduce((a, b) => a + b, 0);
  const isLong = median >= LONG_HISTORY;
  const width = isLong || events < MANY_EVENTS ? 64 : 128;
  return {
    itemCount: data.itemCount,
    width,
    blocks: isLong ? 2 : 1,
    heads: isLong ? 2 : 1,
    block: isLong ? 'gated' : 'transformer',
    history: isLong ? 200 : 50,
    dropout: isLong ? 0.2 : 0.3,
    temperature: 0.05,
  };
}
