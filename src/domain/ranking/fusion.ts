import { bucketOf, HISTORY_BUCKETS } from './history-buckets.js';
import { normaliseScores, type Normalisation } from './normalise-scores.js';
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

/** What each part gives to the fused score of every item, already weighted; parts of weight 0 are absent. */
export function fusionTerms(
  fusion: Fusion,
  scores: Readonly<Partial<Record<PartName, Float32Array>>>,
  historyLength: number,
): Partial<Record<PartName, Float32Array>> {
  const terms: Partial<Record<PartName, Float32Array>> = {};
  fusion.parts.forEach((name, p) => {
    const weight = fusion.weights[bucketOf(historyLength)]?.[p] ?? 0;
    const raw = scores[name];
    if (weight === 0 || raw === undefined) return;
    const normal = normaliseScores(raw, fusion.normalisation, fusion.scales[p] ?? 1);
    for (let i = 0; i < normal.length; i++) normal[i] = (normal[i] as number) * weight;
    terms[name] = normal;
  });
  return terms;
}

/** Fused scores of every item for a person with a history of this length. */
export function fusedScores(
  fusion: Fusion,
  scores: Readonly<Partial<Record<PartName, Float32Array>>>,
  historyLength: number,
): Float32Array {
  const terms = Object.values(fusionTerms(fusion, scores, historyLength));
  const sum = terms[0] ?? new Float32Array(Object.values(scores)[0]?.length ?? 0);
  for (const term of terms.slice(1)) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (term[i] as number);
  }
  return sum;
}

/** The trivial fusion: one part alone, for everybody. */
export function singlePartFusion(part: PartName): Fusion {
  return { normalisation: 'scaled', parts: [part], scales: [1], weights: HISTORY_BUCKETS.map(() => [1]) };
}
