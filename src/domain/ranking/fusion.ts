import { bucketOf, HISTORY_BUCKETS } from './history-buckets.js';
import { addNormalised, normalised, normaliserOf, type Normalisation } from './normalise-scores.js';
import type { PartName } from './part.js';

/** How much each part counts, per history bucket. Plain data: it goes into the artefact as it is. */
export interface Fusion {
  readonly normalisation: Normalisation;
  readonly parts: readonly PartName[];
  /** Divisor of each part's raw scores, used by the `scaled` normalisation. */
  readonly scales: readonly number[];
  /** weights[bucket][part], 0 where the part does not help the bucket. */
  readonly weights: readonly (readonly number[])[];
}

/** One person's fused scores, and what each is made of. */
export interface Fused {
  readonly scores: Float32Array; // (itemCount)
  /** What each part gave to this item's score, already weighted; parts of weight 0 are absent. */
  partsOf(item: number): Partial<Record<PartName, number>>;
}

/** Adds up the parts for a person with a history of this length, in place: one array is written, whatever the number of parts. */
export function fuse(
  { parts, scales, weights, normalisation }: Fusion,
  raw: Readonly<Partial<Record<PartName, Float32Array>>>,
  historyLength: number,
  sum: Float32Array = new Float32Array(Object.values(raw)[0]?.length ?? 0),
): Fused {
  const own = weights[bucketOf(historyLength)] ?? [];
  const terms = parts.flatMap((name, p) => {
    const [scores, weight] = [raw[name], own[p] ?? 0];
    if (weight === 0 || scores === undefined) return [];
    return [{ name, scores, weight, normaliser: normaliserOf(scores, normalisation, scales[p] ?? 1) }];
  });
  sum.fill(0);
  addNormalised(sum, terms);
  return {
    scores: sum,
    partsOf(item) {
      const own: Partial<Record<PartName, number>> = {}; // 400 of them take 0.09 ms, made from entries 0.43
      for (const { name, scores, weight, normaliser } of terms)
        own[name] = weight * normalised(normaliser, scores[item] as number);
      return own;
    },
  };
}

/** Fused scores of every item for a person with a history of this length. */
export function fusedScores(
  fusion: Fusion,
  scores: Readonly<Partial<Record<PartName, Float32Array>>>,
  historyLength: number,
): Float32Array {
  return fuse(fusion, scores, historyLength).scores;
}

/** The trivial fusion: one part alone, for everybody. */
export function singlePartFusion(part: PartName): Fusion {
  return { normalisation: 'scaled', parts: [part], scales: [1], weights: HISTORY_BUCKETS.map(() => [1]) };
}
