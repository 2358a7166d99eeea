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

type Parts = readonly Pick<RankingPart, 'name' | 'score' | 'scoreChosen'>[];
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
  question: WithoutQuestion,
): Promise<Float32Array[]> {
  const { history, places, items } = question;
  const rows = Array.from({ length: 2 + places.length }, () => new Float32Array(items.length));
  for (const { name, weight, scale } of usedParts(models.fusion, history.length)) {
    const [scores, part] = [whole[name], parts.find((one) => one.name === name)];
    if (scores === undefined || part === undefined) continue;
    const normaliser = normaliserOf(scores, models.fusion.normalisation, scale);
    const own = Float32Array.from(items, (item) => scores[item] as number);
    const others = await othersOf(models, part, question);
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

/** A part's own scores of the items under no history and with each place left out; null where all are as under the whole history. */
async function othersOf(
  { ease, itemknn }: LinearModels,
  part: Parts[number],
  question: WithoutQuestion,
): Promise<Float32Array[] | null> {
  if (SAME_FOR_ALL.has(part.name)) return null;
  if (part.name === 'ease' && ease)
    return linearWithout(question, ease.recency, (from, to) => valueAt(ease.weights, from, to));
  if (part.name === 'itemknn') return knnWithout(itemknn, question);
  const { history, places, items, context } = question;
  const histories = [new Int32Array(), ...places.map((left) => leftOut(history, left))];
  const contexts = [atPlaces(context, []), ...places.map((left) => contextWithout(context, left))];
  if (part.scoreChosen) return part.scoreChosen(histories, items, contexts);
  const asked = await part.score(histories, contexts);
  return asked.map((scores) => Float32Array.from(items, (item) => scores[item] as number));
}

/** ItemKNN's scores of the items under no history, then with each place left out: (1 + places) x (items). */
export function knnWithout(
  { together, supports, shrink, recency }: RankerModel['itemknn'],
  question: WithoutQuestion,
): Float32Array[] {
  return linearWithout(question, recency, (from, to) => {
    const both = (supports[from] as number) * (supports[to] as number);
    return valueAt(together, from, to) / (Math.sqrt(both) + shrink);
  });
}

/** Of a linear part: what no entry gives, then the sums with each place left out, its rows looked up at the items only. */
function linearWithout(
  { history, places, items }: WithoutQuestion,
  decay: number,
  valueOf: (from: number, to: number) => number,
): Float32Array[] {
  const reach = recencyWeights(history.length, decay).length + 1; // one more comes in when a newer one goes
  const first = Math.max(0, history.length - reach);
  const given = Array.from(history.subarray(first), (from) =>
    Float32Array.from(items, (to) => valueOf(from, to)),
  );
  const none = new Float32Array(items.length);
  return [none, ...places.map((left) => addedUp(given, left - first, decay))];
}

/** As `addByRecency` over all entries but one: the newest that stays weighs 1, the one before it `decay`, and so on. */
function addedUp(given: readonly Float32Array[], left: number, decay: number): Float32Array {
  const sums = new Float32Array(given[0]?.length ?? 0);
  let entry = given.length;
  for (const weight of recencyWeights(given.length - (left < 0 ? 0 : 1), decay)) {
    if (--entry === left) entry--;
    const row = given[entry] as Float32Array;
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + weight * (row[i] as number);
  }
  return sums;
}

function contextWithout(context: HistoryContext, place: number): HistoryContext {
  const { times, actions } = context;
  return {
    ...context,
    ...(times && { times: leftOut(times, place) }),
    ...(actions && { actions: leftOut(actions, place) }),
  };
}

/** A copy without one place. */
function leftOut<A extends Int32Array | Float64Array>(all: A, place: number): A {
  const rest = all.slice(0, -1);
  rest.set(all.subarray(place + 1), place);
  return rest as A;
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
