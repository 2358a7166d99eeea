import { halfTieRank, ndcgAt } from './metrics.js';
import type { RankingData } from './part.js';
import type { Question } from './protocols.js';
import { rollingExams } from './rolling-exam.js';
import {
  stageOf,
  trainTrend,
  TREND_STAGES,
  type TrendCounts,
  trendCounts,
  type TrendModel,
  type TrendSettings,
  trendWeights,
} from './trend.js';

const DAY = 86_400;
/** The longest one stands for "never forgets". */
const HALF_LIVES = [3, 7, 14, 30, 90, 365, 3650].map((days) => days * DAY);
const FOCUSES = [0.03, 0.25, 0.5, 0.8, 0.95, 1] as const;
/** Questions of an exam that are asked at most: the choice is between 42 settings, not between thousandths. */
const MOST_QUESTIONS = 1000;

export interface ChosenTrend extends TrendModel {
  /** Whether it answers newcomers better than counting everybody's events does. */
  readonly suitsNewcomers: boolean;
}

/** Settings for people without and with a history, each by N@10 over several past moments; the counts are those of `data` in the end. */
export function chooseTrend(data: RankingData): ChosenTrend {
  const gains = SETTINGS.map(() => ({ newcomers: 0, others: 0 }));
  for (const { until, questions } of rollingExams(data)) {
    const asked = questions.slice(0, MOST_QUESTIONS);
    for (const halfLife of HALF_LIVES) {
      const counts = trendCounts(data, halfLife, until);
      SETTINGS.forEach((settings, s) => {
        if (settings.halfLife === halfLife)
          addGains(gains[s] as Gains, counts, { focus: settings.focus, asked });
      });
    }
  }
  const best = (of: keyof Gains) => {
    const index = gains.reduce((top, own, s) => (own[of] > (gains[top] as Gains)[of] ? s : top), 0);
    return { settings: SETTINGS[index] as TrendSettings, isPlain: index === 0 };
  };
  const [newcomers, others] = [best('newcomers'), best('others')];
  return {
    ...trainTrend(data, { newcomers: newcomers.settings, others: others.settings }),
    suitsNewcomers: !newcomers.isPlain,
  };
}

/** Sums of NDCG@10. */
interface Gains {
  newcomers: number;
  others: number;
}

/** Everybody's events, for good, are popularity. It comes first: where nothing is better, it stays. */
const SETTINGS: readonly TrendSettings[] = [...HALF_LIVES]
  .reverse()
  .flatMap((halfLife) => [...FOCUSES].reverse().map((focus) => ({ halfLife, focus })));

function addGains(
  gains: Gains,
  counts: TrendCounts,
  { focus, asked }: { readonly focus: number; readonly asked: readonly Question[] },
): void {
  for (const stage of TREND_STAGES) {
    const own = asked.filter(({ history }) => stageOf(history.length) === stage);
    if (own.length === 0) continue;
    const weights = trendWeights(counts, focus, stage);
    const sum = own.reduce((total, question) => total + gainOf(weights, question), 0);
    gains[stage === 0 ? 'newcomers' : 'others'] += sum;
  }
}

const gainOf = (weights: Float32Array, { history, target }: Question) =>
  ndcgAt(halfTieRank(weights, target, new Set(history)), 10);
