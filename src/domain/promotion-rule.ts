import type { ModelVersionId } from './ids.js';
import type { Metric } from './model-version.js';

/** What the held-out people say about putting a model in front of everybody. */
export interface Verdict {
  /** BETTER than all it must beat; WORSE: not for sure better; UNKNOWN: beats popularity, but cannot be compared with what is live. */
  readonly state: 'BETTER' | 'WORSE' | 'UNKNOWN';
  readonly why: string;
}

/** Differences of N@10 with a 95 % interval; `slice` of the second names the live model it was measured against. */
export const GAIN_OVER_POPULARITY = 'fusion.gainN10';
export const GAIN_OVER_LIVE = 'gainOverLiveN10';

/**
 * The rule of promotion. A model must beat popularity, and the live model on questions newer than anything the live model learned,
 * both with the lower end of a paired bootstrap interval. The figures must speak of the model that is live now: a comparison with
 * one that was live earlier says nothing.
 */
export function promotionVerdict(metrics: readonly Metric[], live: ModelVersionId | null): Verdict {
  const popularity = metrics.find(({ name }) => name.endsWith(`.${GAIN_OVER_POPULARITY}`));
  if (popularity === undefined) return { state: 'WORSE', why: 'it was never judged on held-out people' };
  if (!isSurelyPositive(popularity))
    return { state: 'WORSE', why: `it does not beat popularity for sure: ${told(popularity)}` };
  if (live === null)
    return { state: 'BETTER', why: `it beats popularity: ${told(popularity)}; nothing else is live` };
  const rival = metrics.find(({ name, slice }) => name.endsWith(`.${GAIN_OVER_LIVE}`) && slice === live);
  if (rival === undefined) {
    const why = `it beats popularity (${told(popularity)}), but too few questions are newer than what the live model learned from`;
    return { state: 'UNKNOWN', why };
  }
  return isSurelyPositive(rival)
    ? { state: 'BETTER', why: `it beats the live model: ${told(rival)}` }
    : { state: 'WORSE', why: `it does not beat the live model for sure: ${told(rival)}` };
}

const isSurelyPositive = ({ low }: Metric) => low !== undefined && low > 0;

function told({ value, low, high, n }: Metric): string {
  const [mean, from, to] = [value, low ?? NaN, high ?? NaN].map((x) => x.toFixed(4));
  return `N@10 ${mean} (${from} to ${to}) on ${n} people`;
}
