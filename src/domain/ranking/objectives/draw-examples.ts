import { type Random, shuffled } from '../../random.js';
import type { Preference } from './preference.js';

/** A history with what was taken after it; `rejected` is empty where nobody wrote down what was passed over. */
export type Example = Preference;

/** Examples of a round: with 2,048 a round takes seconds, and the weights that choose negatives are never old. */
const MOST_EXAMPLES = 2048;
/** Of one person in a round, so that the eager ones do not speak for all. */
const PER_PERSON = 2;

/** A round's share of what people chose and passed over. */
export function drawPreferences(preferences: readonly Preference[], random: Random): Example[] {
  const taken = new Map<number, number>();
  const drawn: Preference[] = [];
  for (const preference of shuffled(preferences, random)) {
    const own = taken.get(preference.person) ?? 0;
    if (own === PER_PERSON || preference.history.length === 0) continue;
    taken.set(preference.person, own + 1);
    if (drawn.push(preference) === MOST_EXAMPLES) break;
  }
  return drawn;
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
