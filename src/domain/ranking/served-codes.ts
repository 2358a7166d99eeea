import type { Values } from '../graph/compute.js';
import type { CodeModel } from './code-model.js';
import type { DecoderConfig } from './depth-decoder.js';

/** A narrow decoder on a teacher's trunk: what it needs beside the trunk, under the names of any decoder. */
export interface CodeStudent {
  readonly decoder: DecoderConfig;
  readonly weights: Values;
}

/** What answers: the student where there is one, on the teacher's trunk. Trainings go on from the teacher. */
export function servedCodes({ model, student }: { model: CodeModel; student?: CodeStudent }): CodeModel {
  if (student === undefined) return model;
  const { decoder, weights } = student;
  return { config: model.config, decoder, weights: { ...model.weights, ...weights } };
}
