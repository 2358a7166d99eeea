import type { Values } from '../../graph/compute.js';
import type { Random } from '../../random.js';
import { kmeans } from '../../semantic-ids/kmeans.js';
import { nearestCentroids } from '../../semantic-ids/nearest-centroids.js';
import { askedAfter, type TuningLesson } from './lesson.js';
import { readStates } from './read-states.js';

/** People per intent to aim at, so that most have companions, and the most intents; ICLRec (Chen et al. 2022) clusters people the same way. */
const PEOPLE_PER_INTENT = 20;
const MOST_INTENTS = 256;

/** What each person is after: the cluster of the state at the end of the history, by k-means over everybody (ICLRec's E step). */
export async function intentsOf(
  lesson: Pick<TuningLesson, 'compute' | 'config' | 'sequences' | 'contexts'>,
  weights: Values,
  random: Random,
): Promise<Int32Array> {
  const { sequences, config } = lesson;
  const states = await readStates(
    lesson,
    weights,
    sequences.map((history, person) => askedAfter(lesson, { person, history })),
  );
  const codes = Math.max(1, Math.min(MOST_INTENTS, Math.round(sequences.length / PEOPLE_PER_INTENT)));
  const centroids = kmeans(states, { size: config.width, codes, random });
  return nearestCentroids(states, centroids, config.width).codes;
}
