import type { Concept } from '../../src/domain/imaging/concept.js';
import { seededRandom } from '../../src/domain/random.js';

/** One picture to be asked for. */
export interface TrialIdea {
  readonly concept: Concept;
  readonly style: string;
  readonly seed: number;
}

const STYLES = ['crisp', 'flat', 'soft'] as const;

/** The same ideas for every model: a concept of the art and a style by chance, its label as the brief, the place as the seed. */
export function trialIdeas(concepts: readonly Concept[], count: number): TrialIdea[] {
  const random = seededRandom('bench/images/512');
  return Array.from({ length: count }, (_, i) => ({
    concept: concepts[random.int(concepts.length)] as Concept,
    style: STYLES[random.int(STYLES.length)] ?? 'flat',
    seed: i + 1,
  }));
}
