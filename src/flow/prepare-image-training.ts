import type { TrainingArt } from '../domain/imaging/concept.js';
import { bagLayout } from '../domain/imaging/condition.js';
import { prepareTrainingSet, type TrainingSet } from '../domain/imaging/training-batch.js';
import { allUnits } from '../domain/imaging/training-words.js';
import { buildVocabulary, type Vocabulary } from '../domain/imaging/vocabulary.js';
import type { TextEncoder } from './ports.js';

export interface PreparedTraining {
  readonly set: TrainingSet;
  readonly vocabulary: Vocabulary;
}

/** Words and text vectors of the training art: about two minutes, nearly all of it for the text vectors. */
export async function prepareImageTraining(
  text: TextEncoder,
  art: TrainingArt,
  signal: AbortSignal,
): Promise<PreparedTraining> {
  const styles = [...new Set(art.drawings.map(({ style }) => style))].sort();
  const vocabulary = buildVocabulary(art.concepts, styles);
  const units = [...new Set([...allUnits(art.concepts), ...vocabulary.words])];
  const unitVectors = await text.encode(units, signal);
  const conceptVectors = await text.encode(
    art.concepts.map(({ label, tags }) => `${label}. ${tags.join(', ')}`),
    signal,
  );
  const set = prepareTrainingSet({
    art,
    layout: bagLayout(vocabulary),
    dimensions: text.dimensions,
    unitVectors: new Map(units.map((unit, i) => [unit, unitVectors[i] ?? new Float32Array(text.dimensions)])),
    conceptVectors,
  });
  return { set, vocabulary };
}
