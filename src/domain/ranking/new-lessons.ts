import { type Random, shuffled } from '../random.js';
import type { RankingData } from './part.js';

/** Items before a person's first new one that are read (and repeated) with it: what the new ones follow from. */
const CONTEXT = 20;
/** Items of a piece of somebody else's history that is repeated. */
const PIECE = 50;
/** Repeated items per new person's item. Without any, a few people's week would overwrite what years of others taught. */
const REPLAY = 1;

/** Part of one person's sequence. */
interface Piece {
  readonly person: number;
  readonly from: number;
  readonly to: number;
}

/**
 * What an incremental training learns from: the histories of people who did something after `since`, from a little before it on, and
 * as much again of pieces of other people's (experience replay, Rolnick et al. 2019). `times` lie beside the sequences, also where
 * the data's own were no real times.
 */
export function newLessons(
  data: RankingData,
  { times, since }: { readonly times: readonly Float64Array[]; readonly since: number },
  random: Random,
): RankingData {
  const fresh: Piece[] = [];
  const others: number[] = [];
  data.sequences.forEach(({ length }, person) => {
    const first = times[person]?.findIndex((at) => at > since) ?? -1;
    if (first < 0 || first >= length) others.push(person);
    else fresh.push({ person, from: Math.max(0, first - CONTEXT), to: length });
  });
  const wanted = REPLAY * fresh.reduce((sum, { from, to }) => sum + to - from, 0);
  return cutTo(data, [...fresh, ...replayOf(data, others, { wanted, random })]);
}

function replayOf(
  { sequences }: RankingData,
  people: readonly number[],
  { wanted, random }: { readonly wanted: number; readonly random: Random },
): Piece[] {
  const pieces: Piece[] = [];
  let items = 0;
  for (const person of shuffled(people, random)) {
    if (items >= wanted) break;
    const { length } = sequences[person] as Int32Array;
    const from = random.int(Math.max(1, length - PIECE + 1));
    const to = Math.min(length, from + PIECE);
    pieces.push({ person, from, to });
    items += to - from;
  }
  return pieces;
}

function cutTo(data: RankingData, pieces: readonly Piece[]): RankingData {
  const { sequences, times, actions } = data;
  const cut = <A extends Int32Array | Float64Array>(rows: readonly A[]) =>
    pieces.map(({ person, from, to }) => (rows[person] as A).subarray(from, to) as A);
  return {
    ...data,
    sequences: cut(sequences),
    ...(times && { times: cut(times) }),
    ...(actions && { actions: cut(actions) }),
  };
}
