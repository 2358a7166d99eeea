/** A list that somebody was given, and what they did next. */
export interface AnsweredList {
  /** Item numbers, best or first to look at first. */
  readonly list: readonly number[];
  /** The events that really came next. */
  readonly next: ReadonlySet<number>;
  readonly seen: ReadonlySet<number>;
}

export interface ListKnowledge {
  readonly itemCount: number;
  readonly topicsOf: (item: number) => readonly string[];
  /** In [-1, 1], 1 for the same. */
  readonly resemblance: (a: number, b: number) => number;
}

/**
 * Means over people. `hitRate`: any of the list was done next; `recall`: share of what was done next; `ndcg`: with as many relevant
 * items as were done next; `topics`: share of the topics of what was done next that the list has; `repeats`: share of places taken
 * by an item of the same list or the history; `distance`: mean 1 − resemblance of the pairs of a list; `catalogue`: share of all
 * items that anybody was shown.
 */
export function listFigures(
  answers: readonly AnsweredList[],
  knowledge: ListKnowledge,
): Record<string, number> {
  const mean = (of: (answer: AnsweredList) => number) =>
    answers.reduce((sum, answer) => sum + of(answer), 0) / Math.max(1, answers.length);
  const hits = ({ list, next }: AnsweredList) => new Set(list.filter((item) => next.has(item))).size;
  const shown = new Set(answers.flatMap(({ list }) => list));
  return {
    hitRate: mean((answer) => Math.min(1, hits(answer))),
    recall: mean((answer) => hits(answer) / answer.next.size),
    ndcg: mean(ndcg),
    topics: mean((answer) => topicShare(answer, knowledge)),
    repeats: mean(repeats),
    distance: mean(({ list }) => meanDistance(list, knowledge)),
    catalogue: shown.size / knowledge.itemCount,
  };
}

function ndcg({ list, next }: AnsweredList): number {
  const gain = (place: number) => 1 / Math.log2(place + 2);
  const best = Array.from({ length: Math.min(list.length, next.size) }, (_, place) => gain(place));
  const own = list.map((item, place) => (next.has(item) && list.indexOf(item) === place ? gain(place) : 0));
  const sum = (gains: readonly number[]) => gains.reduce((a, b) => a + b, 0);
  return best.length === 0 ? 0 : sum(own) / sum(best);
}

function topicShare({ list, next }: AnsweredList, { topicsOf }: ListKnowledge): number {
  const wanted = new Set([...next].flatMap(topicsOf));
  const has = new Set(list.flatMap(topicsOf));
  return wanted.size === 0 ? 0 : [...wanted].filter((topic) => has.has(topic)).length / wanted.size;
}

function repeats({ list, seen }: AnsweredList): number {
  const again = list.filter((item, place) => seen.has(item) || list.indexOf(item) < place);
  return again.length / Math.max(1, list.length);
}

function meanDistance(list: readonly number[], { resemblance }: ListKnowledge): number {
  const pairs = list.flatMap((a, i) => list.slice(i + 1).map((b) => 1 - resemblance(a, b)));
  return pairs.reduce((sum, one) => sum + one, 0) / Math.max(1, pairs.length);
}
