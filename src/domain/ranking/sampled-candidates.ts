import { type Random } from '../random.js';
import type { TrainingBatch } from './training-batches.js';

/** What the sampled softmax of one batch runs over. */
export interface Candidates {
  readonly candidates: Int32Array; // (count), all different
  readonly correction: Float32Array; // (count, 1): -log of the chance of being in here
  /** The targets of the batch as indices into `candidates`. */
  readonly targets: Int32Array; // (tokens)
}

/**
 * The batch's own targets, filled up with items drawn uniformly, none twice: no accidental hits. An item's chance of being in is
 * Q = 1 - (1 - p)^tokens (1 - u), p its share of all targets, u = fill / items that are no target here.
 */
export function sampleCandidates(
  batch: TrainingBatch,
  { shares, count }: { shares: Float32Array; count: number },
  random: Random,
): Candidates {
  const index = new Map<number, number>();
  const candidates = new Int32Array(count);
  const targets = new Int32Array(batch.targets.length);
  const add = (item: number): number => {
    const known = index.get(item);
    if (known !== undefined) return known;
    candidates[index.size] = item;
    index.set(item, index.size);
    return index.size - 1;
  };
  let tokens = 0;
  batch.targets.forEach((item, token) => {
    if (batch.weights[token] === 0) return;
    targets[token] = add(item);
    tokens++;
  });
  const fill = count - index.size;
  const outside = Math.log1p(-fill / (shares.length - index.size));
  while (index.size < count) add(random.int(shares.length));
  const correction = Float32Array.from(candidates, (item) => {
    const missed = tokens * Math.log1p(-Math.min(0.5, shares[item] as number)) + outside;
    return -Math.log(-Math.expm1(missed));
  });
  return { candidates, correction, targets };
}

/** Share of each item among all targets. */
export function targetShares(sequences: readonly Int32Array[], itemCount: number): Float32Array {
  const shares = new Float32Array(itemCount);
  let total = 0;
  for (const s of sequences) {
    for (let i = 1; i < s.length; i++) shares[s[i] as number] = (shares[s[i] as number] as number) + 1;
    total += Math.max(0, s.length - 1);
  }
  return shares.map((n) => n / Math.max(1, total));
}
