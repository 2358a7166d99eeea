import type { Distillation } from '../domain/ranking/distil-codes.js';

/** A distilled decoder beside its teacher, in words. Nothing where there was none. */
export function distillationLines(distillation: Distillation | null): string[] {
  if (distillation === null) return [];
  const { teacher, student, gain, judges, serves, epochs, speedUp, width, teacherWidth } = distillation;
  const verdict = serves ? 'the small decoder answers' : 'it is worse for sure, so the large one answers';
  const interval = `${gain.mean.toFixed(4)} (${gain.low.toFixed(4)} to ${gain.high.toFixed(4)})`;
  const speed =
    speedUp === null ? '' : `; an answer of the codes takes 1 / ${speedUp.toFixed(2)} of the time`;
  return [
    `Distilled to width ${width} of ${teacherWidth} in ${epochs.toFixed(0)} epochs: ${verdict}.`,
    `  N@10 ${teacher.toFixed(4)} -> ${student.toFixed(4)}, a change of ${interval}, on ${judges} held-out people${speed}`,
  ];
}
