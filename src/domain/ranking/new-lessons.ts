import { type Random, shuffled } from '../random.js';
import type { RankingData } from './part.js';

/** Items before a person's first new one that are read (and repeated) with it: what the new ones follow from. */
const CONTEXT = 20;
/** Items of a piece of somebody else's history that is repeated. */
const PIECE = 50;
/** Repeated items per new person's item. Without any, a few people's week would overwrite what years of others taught. */
const REPLAY = 1;

/**
 * What an incremental training learns from: the histories of people who did something after `since`, from a little before it on, and
 * as much again of pieces of other people's (experience replay, Rolnick et al. 2019). `times` lie beside the sequences.
 */
export function newLessons(
  { sequences }: Pick<RankingData, 'sequences'>,
  { times, since }: { readonly times: readonly Float64Array[]; readonly since: number },
  random: Random,
): Int32Array[] {
  const fresh: Int32Array[] = [];
  const others: Int32Array[] = [];
  sequences.forEach((sequence, person) => {
    const first = times[person]?.findIndex((at) => at > since) ?? -1;
    if (first < 0 || first >= sequence.length) others.push(sequence);
    else fresh.push(sequence.subarray(Math.max(0, first - CONTEXT)));
  });
  let wanted = REPLAY * fresh.reduce((sum, { length }) => sum + length, 0);
  const replay: Int32Array[] = [];
  for (const sequence of shuffled(others, random)) {
    if (wanted <= 0) break;
    const from = random.int(Math.max(1, sequence.length - PIECE + 1));
    const piece = sequence.subarray(from, from + PIECE);
    replay.push(piece);
    wanted -= piece.length;
  }
  return [...fresh, ...replay];
}
