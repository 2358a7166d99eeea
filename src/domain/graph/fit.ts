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
  const { steps, validateEvery = steps, patience = Infinity } = options;
  let best: { weights: Values; score: number; step: number } | undefined;
  let misses = 0;
  while (trainer.step < steps && !options.signal?.aborted && misses < patience) {
    const result = await trainer.train(await options.batchAt(trainer.step));
    const { step } = trainer;
    const progress: Progress = { ...result, step, steps };
    if (options.validate && (step % validateEvery === 0 || step === steps)) {
      const weights = trainer.weights();
      const score = await options.validate(weights, step);
      const isBetter = !best || score > best.score;
      if (isBetter) best = { weights, score, step };
      misses = isBetter ? 0 : misses + 1;
      progress.score = score;
    }
    options.onProgress?.(progress);
  }
  return {
    weights: best?.weights ?? trainer.weights(),
    score: best?.score ?? null,
    bestStep: best?.step ?? trainer.step,
    ended: endOf(trainer.step >= steps, options.signal?.aborted ?? false),
  };
}

function endOf(isFinished: boolean, isAborted: boolean): FitResult['ended'] {
  if (isFinished) return 'finished';
  return isAborted ? 'aborted' : 'out of patience';
}
