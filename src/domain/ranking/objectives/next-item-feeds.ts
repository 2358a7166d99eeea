import type { Values } from '../../graph/compute.js';
import type { Random } from '../../random.js';
import { sampleCandidates } from '../sampled-candidates.js';
import type { TrainingBatch } from '../training-batches.js';

/** What `trunkStates` and `nextItemLoss` are fed for a batch: over all items, or over `count` sampled ones. */
export function nextItemFeeds(
  batch: TrainingBatch,
  { shares, count }: { readonly shares: Float32Array; readonly count: number },
  random: Random,
): Values {
  const { items, positions, segments, weights, targets, context } = batch;
  const base = { ...context, items, positions, segments, weights };
  if (count === 0) return { ...base, targets };
  return { ...base, ...sampleCandidates(batch, { shares, count }, random) };
}
