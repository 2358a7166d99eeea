import { popularOthers } from './choose-negatives.js';
import { drawPositions } from './draw-examples.js';
import type { TuningLesson } from './lesson.js';
import type { Preference } from './preference.js';

/** Items set against each taken one where nobody wrote down what was passed over. */
const OTHERS = 4;

/**
 * What a reward model is taught: what people chose against what they passed over; where that is unknown, against items as popular that
 * they never took, so that it learns taste and not popularity.
 */
export function rewardPreferences(
  { sequences, random }: Pick<TuningLesson, 'sequences' | 'random'>,
  stored: readonly Preference[],
): readonly Preference[] {
  if (stored.length > 0) return stored;
  const draws = random.fork('reward preferences');
  return drawPositions(sequences, draws).flatMap((example) => {
    const excluded = new Set(sequences[example.person]);
    const rejected = popularOthers(sequences, OTHERS, { excluded, random: draws });
    return rejected.length > 0 ? [{ ...example, rejected }] : [];
  });
}
