import { type Random, shuffled } from '../../random.js';
import type { Preference } from './preference.js';

/** A history with what was taken after it; `rejected` is empty where nobody wrote down what was passed over. */
export type Example = Preference;

/** Examples of a round: rounds are short, so that the weights that choose negatives are never old and no good round is passed by. */
const MOST_EXAMPLES = 1024;

/** A round's share of what people chose and passed over: one each, so that the eager ones do not speak for all. */
export function drawPreferences(preferences: readonly Preference[], random: Random): Example[] {
  const drawn = new Map<number, Preference>();
  for (const preference of shuffled(preferences, random)) {
    if (drawn.size === MOST_EXAMPLES) break;
    if (preference.history.length > 0 && !drawn.has(preference.person))
      drawn.set(preference.person, preference);
  }
  return [...drawn.values()];
}

const NOTHING = new Int32Array(0);

/** One position of each person, any of them: what came before, and what came next. */
export function drawPositions(sequences: readonly Int32Array[], random: Random): Example[] {
  const people = sequences.flatMap((sequence, person) => (sequence.length >= 2 ? [person] : []));
  return shuffled(people, random)
    .slice(0, MOST_EXAMPLES)
    .map((person) => {
      const sequence = sequences[person] as Int32Array;
      const at = 1 + random.int(sequence.length - 1);
      const chosen = sequence[at] as number;
      return { person, history: sequence.subarray(0, at), chosen, rejected: NOTHING };
    });
}
