/** What a person said beside what they did; it moves scores, it never invents items. */
export interface Steering {
  readonly facets: readonly { readonly attribute: string; readonly value: string; readonly weight: number }[];
  /** Vectors of items the person wanted less (negative) or more (positive) of, with their present strength. */
  readonly pulls: readonly {
    readonly itemId: string;
    readonly vector: Float32Array | null;
    readonly strength: number;
  }[];
}

export interface Steerable {
  readonly itemId: string;
  readonly score: number;
  readonly topics: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly vector: Float32Array | null;
  /** How near it is to what was asked for in words, in standard deviations over the catalogue; 0 where nothing was. */
  readonly nearness: number;
}

/** Two standard deviations of the ranker's own scores for a facet of full weight: who says "dogs" and has done nothing yet sees dogs. */
const FACET_GAIN = 2;
/** "Less like this" must be seen at once: two deviations for an equal item. */
const PULL_GAIN = 2;
/**
 * What a person asks for now outweighs a habit: an item two deviations nearer to the words than usual rises by three of the ranker's.
 * Bounded, so that among many near items the ranker's opinion decides.
 */
const WORDS_GAIN = 1.5;
const MOST_NEARNESS = 3;
/** Cosine below which two items do not resemble each other; unrelated texts lie around 0.1 to 0.35 in the encoder's space. */
const RESEMBLES = 0.45;

/**
 * Adds what was said to what was learned: score' = z(score) + gain · nearness + Σ facets gain · weight + Σ pulls gain · strength · resemblance,
 * with z in standard deviations over the candidates, so that any ranker's scale fits. Best first; ties keep their order.
 */
export function steer<T extends Steerable>(
  candidates: readonly T[],
  steering: Steering,
): (T & { steered: number })[] {
  const z = standardiser(candidates.map(({ score }) => score));
  return candidates
    .map((candidate) => ({
      ...candidate,
      steered:
        z(candidate.score) +
        WORDS_GAIN * Math.min(MOST_NEARNESS, candidate.nearness) +
        facetGain(candidate, steering) +
        pull(candidate, steering),
    }))
    .sort((a, b) => b.steered - a.steered);
}

function standardiser(scores: readonly number[]): (score: number) => number {
  const mean = scores.reduce((sum, s) => sum + s, 0) / Math.max(1, scores.length);
  const variance = scores.reduce((sum, s) => sum + (s - mean) ** 2, 0) / Math.max(1, scores.length);
  const deviation = Math.sqrt(variance) || 1;
  return (score) => (score - mean) / deviation;
}

function facetGain({ topics, attributes }: Steerable, { facets }: Steering): number {
  return facets.reduce((gain, { attribute, value, weight }) => {
    const matches = attribute === 'topic' ? topics.includes(value) : attributes[attribute] === value;
    return matches ? gain + FACET_GAIN * weight : gain;
  }, 0);
}

function pull({ itemId, vector }: Steerable, { pulls }: Steering): number {
  return pulls.reduce((sum, { itemId: other, vector: towards, strength }) => {
    const resemblance = itemId === other ? 1 : rise(cosine(vector, towards));
    return sum + PULL_GAIN * strength * resemblance;
  }, 0);
}

/** 0 up to RESEMBLES, then linear to 1. */
function rise(similarity: number): number {
  return Math.max(0, (similarity - RESEMBLES) / (1 - RESEMBLES));
}

/** Inner product of L2-normalised vectors; 0 where one is missing. */
export function cosine(a: Float32Array | null, b: Float32Array | null): number {
  if (a === null || b === null) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
