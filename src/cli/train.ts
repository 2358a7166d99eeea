import type { Verdict } from '../domain/promotion-rule.js';
import { tellIgnored } from '../domain/ranking/clean-events.js';
import type { RankerRecipe } from '../domain/ranking/recipe.js';
import { reportTable } from './report-table.js';
import { catalogueFor, trainCatalogue } from '../flow/train-ranker.js';
import type { Deps } from '../wire.js';
import { distillationLines } from './distillation-lines.js';
import { progress } from './progress.js';
import { tuningLines } from './tuning-lines.js';

export interface TrainOptions {
  readonly catalogue?: string;
  readonly seed: number;
  readonly seconds: number;
  readonly recipe?: RankerRecipe;
  /** The same as the choice learn=new. */
  readonly incremental?: boolean;
}

/** `npm run train`: trains, tests and, where it is better than popularity, promotes. */
export function trainCommand(deps: Deps, options: TrainOptions, signal: AbortSignal): Promise<void> {
  return trainAndTell(deps, options, { signal, promote: true });
}

/** `npm run evaluate`: the same path, but what is live stays live. */
export function evaluateCommand(deps: Deps, options: TrainOptions, signal: AbortSignal): Promise<void> {
  return trainAndTell(deps, options, { signal, promote: false });
}

async function trainAndTell(
  { ports }: Deps,
  { catalogue, seed, seconds, incremental = false, ...options }: TrainOptions,
  { signal, promote }: { readonly signal: AbortSignal; readonly promote: boolean },
): Promise<void> {
  const catalogueId = await catalogueFor(ports, catalogue);
  const recipe: RankerRecipe = { ...options.recipe, ...(incremental && { learn: 'new' }) };
  const bar = progress();
  const onProgress = (share: number, stage: string) => bar.show(stage, Math.round(share * 100), 100);
  const run = {
    catalogueId,
    seed,
    budgetSeconds: seconds,
    signal,
    promote,
    onProgress,
    ...(Object.keys(recipe).length > 0 && { recipe }),
  };
  const { model, promoted, verdict, trained, ignored } = await trainCatalogue(ports, run);
  bar.end();
  for (const report of trained.reports) process.stdout.write(`${reportTable(report, trained.seconds)}\n`);
  const added = [...tuningLines(trained.tuning), ...distillationLines(trained.distillation)];
  for (const line of added) process.stdout.write(`${line}\n`);
  for (const [part, reason] of Object.entries(trained.skipped))
    process.stdout.write(`${part}: not trained: ${reason}\n`);
  if (tellIgnored(ignored) !== '') process.stdout.write(`${tellIgnored(ignored)}\n`);
  process.stdout.write(
    `Registered ${model.family} ${model.version}. ${model.card}\n${told(promote, promoted, verdict)}\n`,
  );
}

function told(asked: boolean, promoted: boolean, { why }: Verdict): string {
  if (!asked) return 'Only evaluated: what is live stays live.';
  return promoted ? `It is live now: ${why}.` : `It is a candidate, and what is live stays live: ${why}.`;
}
