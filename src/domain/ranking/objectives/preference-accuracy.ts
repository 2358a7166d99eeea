import type { Values } from '../../graph/compute.js';
import { type Random, shuffled } from '../../random.js';
import { askedAfter, eachScored, type TuningLesson } from './lesson.js';
import type { Preference } from './preference.js';

/** Share of shown pairs that the weights put in the order in which people chose: the goal of tuning on what was stored. */
export async function preferenceAccuracy(
  lesson: Pick<TuningLesson, 'compute' | 'config' | 'sequences' | 'contexts'>,
  weights: Values,
  preferences: readonly Preference[],
): Promise<number> {
  let [right, pairs] = [0, 0];
  const asked = preferences.map((preference) => askedAfter(lesson, preference));
  await eachScored(lesson, weights, asked, (scores, i) => {
    const { chosen, rejected } = preferences[i] as Preference;
    const own = scores[chosen] as number;
    for (const item of rejected) {
      const other = scores[item] as number;
      right += own > other ? 1 : own === other ? 0.5 : 0;
      pairs++;
    }
  });
  return right / Math.max(1, pairs);
}

/** Share of the people whose preferences only judge. */
const SHARE = 0.1;
/** With fewer people held out, one of them moves the goal by more than tuning does. */
const FEWEST_PEOPLE = 10;
/** Preferences that judge: of 500 with two pairs each the accuracy has a standard error of 1.5 %, and a round reads them all. */
const MOST_JUDGES = 500;

/** Preferences to learn from and, of other people, to judge by; all are learned from where there are too few people. */
export function heldOutPeople(preferences: readonly Preference[], random: Random) {
  const people = shuffled([...new Set(preferences.map(({ person }) => person))], random);
  const count = Math.round(SHARE * people.length);
  const chosen = new Set(count < FEWEST_PEOPLE ? [] : people.slice(0, count));
  return {
    learned: preferences.filter(({ person }) => !chosen.has(person)),
    heldOut: shuffled(
      preferences.filter(({ person }) => chosen.has(person)),
      random,
    ).slice(0, MOST_JUDGES),
  };
}
