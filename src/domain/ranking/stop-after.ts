import type { Progress } from '../graph/fit.js';
import type { PartName } from './part.js';
import type { TrainingOptions } from './training.js';
import { StoppedError } from './watch.js';

/** Joins the ways a training run ends from outside: the caller's signal, and the seconds it may take. */
export function stopAfter(options: TrainingOptions, part: PartName) {
  const controller = new AbortController();
  const begin = options.now?.() ?? 0;
  const seconds = () => ((options.now?.() ?? 0) - begin) / 1000;
  const forward = () => controller.abort();
  options.signal?.addEventListener('abort', forward, { once: true });
  if (options.signal?.aborted) forward();
  return {
    signal: controller.signal,
    onProgress({ step, steps, loss, score }: Progress, stepsPerEpoch: number): void {
      if (options.budgetSeconds !== undefined && seconds() > options.budgetSeconds) controller.abort();
      options.onProgress?.({
        part,
        step,
        steps,
        epoch: step / stepsPerEpoch,
        loss,
        ...(score !== undefined && { validation: score }),
      });
    },
    /** A budget that is used up gives a model; a caller who stops wants none. */
    throwIfAsked(): void {
      options.signal?.removeEventListener('abort', forward);
      if (options.signal?.aborted) throw new StoppedError();
    },
  };
}
