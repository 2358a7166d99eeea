import { contextBefore, contextsOf, type HistoryContext } from './history-context.js';
import { momentAt } from './moment-at.js';
import type { RankingData } from './part.js';
import { withRows } from './with-rows.js';

export type ProtocolName = 'A1' | 'A2' | 'M4' | 'T';

/** What separates published tables that look comparable and are not: how long a history is read, and whether seen items may be shown. */
export interface Protocol {
  readonly name: ProtocolName;
  readonly maxHistory: number;
  readonly removeSeen: boolean;
  readonly split: 'leave-one-out' | 'global-time';
}

export const PROTOCOLS: { readonly [Name in ProtocolName]: Protocol } = {
  A1: { name: 'A1', maxHistory: 50, removeSeen: true, split: 'leave-one-out' },
  A2: { name: 'A2', maxHistory: 50, removeSeen: false, split: 'leave-one-out' },
  M4: { name: 'M4', maxHistory: 200, removeSeen: true, split: 'leave-one-out' },
  T: { name: 'T', maxHistory: 200, removeSeen: true, split: 'global-time' },
};

/** Long histories are read as MovieLens-1M is, short ones as Amazon's: the border lies between their medians, 96 and 6. */
const LONG_MEDIAN = 40;

/** The published protocols that fit the data. */
export function protocolsFor({ sequences }: RankingData): [ProtocolName, ...ProtocolName[]] {
  const lengths = Int32Array.from(sequences, ({ length }) => length).sort();
  return (lengths[lengths.length >> 1] ?? 0) >= LONG_MEDIAN ? ['M4'] : ['A1', 'A2'];
}

/** One question to the ranker: after this history, which item came next? */
export interface Question {
  readonly person: number;
  /** Everything before the target, oldest first, not cut: bucket and seen items are read from it. */
  readonly history: Int32Array;
  readonly target: number;
  /** When and how the history came about, and when the question is asked: at the time of the target. */
  readonly context?: HistoryContext;
}

export interface Split {
  /** What may be learned from while settings are chosen on `validation`. */
  readonly train: RankingData;
  readonly validation: readonly Question[];
  /** What may be learned from before `test` is answered: training and validation together. */
  readonly known: RankingData;
  readonly test: readonly Question[];
}

/** Shares of events after which validation and test begin under a global time split. */
const TIME_SPLIT = { validation: 0.8, test: 0.9 };

/** Splits by the protocol's rule. Leave-one-out: last = test, last but one = validation; people with fewer than 3 items only teach. */
export function splitData(data: RankingData, protocol: Protocol): Split {
  return protocol.split === 'leave-one-out' ? leaveOneOut(data) : globalTime(data);
}

function leaveOneOut(data: RankingData): Split {
  const held = (sequence: Int32Array, count: number) =>
    sequence.length < 3 ? sequence.length : sequence.length - count;
  const questionAt = asker(data);
  const questions = (back: number): Question[] =>
    data.sequences.flatMap((sequence, person) =>
      sequence.length < 3 ? [] : [questionAt(person, sequence.length - back)],
    );
  return {
    train: cut(data, (person) => held(data.sequences[person] as Int32Array, 2)),
    validation: questions(2),
    known: cut(data, (person) => held(data.sequences[person] as Int32Array, 1)),
    test: questions(1),
  };
}

/** Makes the question for item `at` of a person. */
function asker(data: RankingData): (person: number, at: number) => Question {
  const contexts = contextsOf(data);
  return (person, at) => {
    const sequence = data.sequences[person] as Int32Array;
    const context = contexts?.[person];
    return {
      ...{ person, history: sequence.subarray(0, at), target: sequence[at] as number },
      ...(context && { context: contextBefore(context, 0, at) }),
    };
  };
}

/** One question per person who did something in the window: their first event in it, after everything they did before it. */
function globalTime(data: RankingData): Split {
  const times = data.times;
  if (times === undefined) throw new Error('protocol T splits by time, the data has no times');
  const at = momentAt(times);
  const [from, until] = [at(TIME_SPLIT.validation), at(TIME_SPLIT.test)];
  const before = (moment: number) => (person: number) =>
    firstAtOrAfter(times[person] as Float64Array, moment);
  const questionAt = asker(data);
  const questions = (start: number, end: number): Question[] =>
    data.sequences.flatMap((_, person) => {
      const first = before(start)(person);
      return first >= before(end)(person) ? [] : [questionAt(person, first)];
    });
  return {
    train: cut(data, before(from)),
    validation: questions(from, until),
    known: cut(data, before(until)),
    test: questions(until, Infinity),
  };
}

function cut(data: RankingData, lengthOf: (person: number) => number): RankingData {
  return withRows(data, (own, person) => own.subarray(0, lengthOf(person)));
}

/** Index of the first time that is not before `wanted`. */
export function firstAtOrAfter(ascending: Float64Array, wanted: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * A number for a whole split, independent of how items were numbered and people ordered: FNV-1a over "person
 * history-length target" in source ids, summed. Benches pin it, so nobody compares tables of different splits.
 */
export function splitFingerprint(
  { validation, test }: Split,
  personIds: readonly string[],
  itemIds: readonly string[],
): string {
  const sum = (questions: readonly Question[]) =>
    questions.reduce((total, { person, history, target }) => {
      const text = `${personIds[person] ?? ''} ${history.length} ${itemIds[target] ?? ''}`;
      return (total + fnv1a(text)) % 2 ** 48;
    }, 0);
  return `${sum(validation).toString(16)}-${sum(test).toString(16)}`;
}

function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
