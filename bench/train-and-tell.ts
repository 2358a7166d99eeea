import type { RankingData } from '../src/domain/ranking/part.js';
import { trainAll, type TrainAllOptions, type TrainedAll } from '../src/domain/ranking/train-all.js';
import { reportTable } from '../src/cli/report-table.js';
import { distillationLines } from '../src/cli/distillation-lines.js';
import { tuningLines } from '../src/cli/tuning-lines.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';

export type RunOptions = Pick<
  TrainAllOptions,
  'seed' | 'budgetSeconds' | 'recipe' | 'protocols' | 'preferences'
>;

/** `trainAll` with lines of progress on standard error and its tables on standard output. */
export async function trainAndTell(
  data: RankingData,
  options: RunOptions,
  label: string,
): Promise<TrainedAll> {
  let told = '';
  const trained = await trainAll(data, onnxCompute(), {
    ...options,
    now: () => performance.now(),
    onProgress: (stage, share, training) => {
      const line =
        training?.validation === undefined
          ? stage
          : `${stage} epoch ${training.epoch.toFixed(0)} loss ${training.loss.toFixed(3)} N@10 ${training.validation.toFixed(4)}`;
      if (line === told) return;
      told = line;
      process.stderr.write(`${label}: ${line} (${(100 * share).toFixed(0)} %)\n`);
    },
  });
  for (const report of trained.reports) process.stdout.write(`${reportTable(report, trained.seconds)}\n\n`);
  trained.fusions.forEach((fitted, f) => tellFusion(trained.reports[f]?.protocol ?? '', fitted));
  const added = [...tuningLines(trained.tuning), ...distillationLines(trained.distillation)];
  for (const line of added) process.stdout.write(`${line}\n`);
  for (const [part, reason] of Object.entries(trained.skipped)) process.stdout.write(`${part}: ${reason}\n`);
  return trained;
}

function tellFusion(protocol: string, { fusion, validation, buckets }: TrainedAll['fusions'][number]): void {
  const { normalisation, parts, weights } = fusion;
  process.stdout.write(`fusion ${protocol}: ${normalisation}, N@10 ${validation.toFixed(4)} on validation\n`);
  weights.forEach((row, bucket) => {
    const terms = parts.map((part, p) => `${part} ${(row[p] ?? 0).toFixed(3)}`);
    process.stdout.write(`  bucket ${bucket}: ${terms.join(', ')}\n`);
  });
  for (const { label, questions, fusion: fused, best } of buckets) {
    const rival = `${best.part} alone ${best.N10.toFixed(4)}`;
    process.stdout.write(`  history ${label}: ${questions} asked, N@10 ${fused.toFixed(4)}, ${rival}\n`);
  }
}
