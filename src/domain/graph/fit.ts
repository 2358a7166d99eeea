import { type Values } from './compute.js';
import { type Batch, type StepResult, type Trainer } from './trainer.js';

export interface FitOptions {
  /** The batch of a step. A function of the step alone, so that a resumed run sees what an unbroken one sees. */
  batchAt: (step: number) => Batch | Promise<Batch>;
  /** Trains until this many steps were taken in all. */
  steps: number;
  /** Score of weights on held-out data, higher is better; the best weights are kept. */
  validate?: (weights: Values, step: number) => Promise<number>;
  /** Steps between two validations. */
  validateEvery?: number;
  /** Validations without a better score before training stops. */
  patience?: number;
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}

export interface Progress extends StepResult {
  step: number;
  steps: number;
  /** Set on the steps that were validated. */
  score?: number;
}

export interface FitResult {
  /** The best weights by validation, or the last where nothing was validated. */
  weights: Values;
  score: number | null;
  bestStep: number;
  ended: 'finished' | 'out of patience' | 'aborted';
}

/** The training loop: steps, validates now and then, keeps the best weights, stops early. */
export async function fit(trainer: Trainer, options: FitOptions): Promise<FitResult> {
  const { steps, patience = Infinity, signal } = options;
  const watch = new Watch();
  while (trainer.step < steps && !isAborted(signal) && watch.misses < patience) {
    const result = await trainer.train(await options.batchAt(trainer.step));
    const score = await validateNow(trainer, options, watch);
    options.onProgress?.({ ...result, step: trainer.step, steps, ...(score === undefined ? {} : { score }) });
  }
  const { best } = watch;
  const ended = endOf(trainer.step >= steps, isAborted(signal));
  if (!best) return { weights: trainer.weights(), score: null, bestStep: trainer.step, ended };
  return { weights: best.weights, score: best.score, bestStep: best.step, ended };
}

/** Read afresh each time: the signal changes while a step is awaited. */
const isAborted = (signal: AbortSignal | undefined) => signal?.aborted ?? false;

/** The best score so far and how often it was missed since. */
class Watch {
  best: { weights: Values; score: number; step: number } | undefined;
  misses = 0;

  note(score: number, weights: Values, step: number): void {
    const isBetter = !this.best || score > this.best.score;
    if (isBetter) this.best = { weights, score, step };
    this.misses = isBetter ? 0 : this.misses + 1;
  }
}

async function validateNow(trainer: Trainer, options: FitOptions, watch: Watch): Promise<number | undefined> {
  const { validate, steps, validateEvery = steps } = options;
  const { step } = trainer;
  if (!validate || (step % validateEvery !== 0 && step !== steps)) return undefined;
  const weights = trainer.weights();
  const score = await validate(weights, step);
  watch.note(score, weights, step);
  return score;
}

function endOf(isFinished: boolean, wasAborted: boolean): FitResult['ended'] {
  if (isFinished) return 'finished';
  return wasAborted ? 'aborted' : 'out of patience';
}
