import type { Fusion } from './fusion.js';
import { bucketOf } from './history-buckets.js';
import type { HistoryContext } from './history-context.js';
import { normalised, normaliserOf } from './normalise-scores.js';
import type { PartName, RankingPart } from './part.js';
import type { RankerModel } from './ranker-artefact.js';
import { recencyWeights } from './recency.js';
import type { PartScores } from './score-questions.js';
import { valueAt } from './sparse-rows.js';

export interface WithoutQuestion {
  /** Item numbers, oldest first. */
  readonly history: Int32Array;
  /** Places of the history, each left out once. */
  readonly places: readonly number[];
  readonly items: Int32Array;
  readonly context: HistoryContext;
}

type Parts = readonly Pick<RankingPart, 'name' | 'score'>[];
type LinearModels = Pick<RankerModel, 'ease' | 'itemknn' | 'fusion'>;

/**
 * Fused scores of chosen items under the whole history, under none, and with each place left out: (2 + places) x (items). `whole` are
 * the parts' scores of the whole history; every row is on its scale, so that a difference is what the entry gave and not what it did
 * to everybody's mean. Linear parts are looked up, item by item, in their rows; what knows no history is the same in each row; only
 * the others are asked again.
 */
export async function scoreWithout(
  models: LinearModels,
  parts: Parts,
  whole: PartScores,
  { history, places, items, context }: WithoutQuestion,
): Promise<Float32Array[]> {
  const all = Array.from(history, (_, place) => place);
  const variants = [all, [], ...places.map((left) => all.filter((place) => place !== left))];
  const rows = variants.map(() => new Float32Array(items.length));
  for (const { name, weight, scale } of usedParts(models.fusion, history.length)) {
    const [scores, part] = [whole[name], parts.find((one) => one.name === name)];
    if (scores === undefined || part === undefined) continue;
    const normaliser = normaliserOf(scores, models.fusion.normalisation, scale);
    const own = Float32Array.from(items, (item) => scores[item] as number);
    const others = await othersOf(models, part, { history, items, context }, variants.slice(1));
    rows.forEach((row, r) => {
      const raw = r === 0 ? own : (others?.[r - 1] ?? own);
      for (let i = 0; i < row.length; i++)
        row[i] = (row[i] as number) + weight * normalised(normaliser, raw[i] as number);
    });
  }
  return rows;
}

function usedParts({ parts, weights, scales }: Fusion, length: number) {
  const own = weights[bucketOf(length)] ?? [];
  return parts.flatMap((name, p) => {
    const weight = own[p] ?? 0;
    return weight === 0 ? [] : [{ name, weight, scale: scales[p] ?? 1 }];
  });
}

/** Scores that do not depend on what is in the history: leaving an entry out changes nothing. */
const SAME_FOR_ALL: ReadonlySet<PartName> = new Set(['popularity', 'trend']);

/** A part's own scores of the items under each variant (places that stay); null where all are as under the whole history. */
async function othersOf(
  { ease, itemknn }: LinearModels,
  { name, score }: Parts[number],
  { history, items, context }: Omit<WithoutQuestion, 'places'>,
  variants: readonly (readonly number[])[],
): Promise<Float32Array[] | null> {
  if (SAME_FOR_ALL.has(name)) return null;
  if (name === 'ease' && ease) {
    const given = pairs(history, items, (from, to) => valueAt(ease.weights, from, to));
    return variants.map((stay) => addedUp(given, stay, ease.recency));
  }
  if (name === 'itemknn') {
    const { together, supports, shrink, recency } = itemknn;
    const given = pairs(history, items, (from, to) => {
      const both = (supports[from] as number) * (supports[to] as number);
      return valueAt(together, from, to) / (Math.sqrt(both) + shrink);
    });
    return variants.map((stay) => addedUp(given, stay, recency));
  }
  const histories = variants.map((stay) => Int32Array.from(stay, (place) => history[place] as number));
  const asked = await score(
    histories,
    variants.map((stay) => atPlaces(context, stay)),
  );
  return asked.map((scores) => Float32Array.from(items, (item) => scores[item] as number));
}

/** What each entry gives to each item: (history) x (items). */
function pairs(
  history: Int32Array,
  items: Int32Array,
  valueOf: (from: number, to: number) => number,
): Float32Array[] {
  return Array.from(history, (from) => Float32Array.from(items, (to) => valueOf(from, to)));
}

/** As `addByRecency`: the newest entry that stays weighs 1, the one before it `decay`, and so on. */
function addedUp(given: readonly Float32Array[], stay: readonly number[], decay: number): Float32Array {
  const sums = new Float32Array(given[0]?.length ?? 0);
  recencyWeights(stay.length, decay).forEach((weight, back) => {
    const row = given[stay[stay.length - 1 - back] as number] as Float32Array;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + weight * (row[i] as number);
  });
  return sums;
}

/** What is known beside the entries that stay. */
export function atPlaces(context: HistoryContext, places: readonly number[]): HistoryContext {
  const { times, actions } = context;
  return {
    ...context,
    ...(times && { times: Float64Array.from(places, (at) => times[at] as number) }),
    ...(actions && { actions: Int32Array.from(places, (at) => actions[at] as number) }),
  };
}
