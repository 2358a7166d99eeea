import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DiffusionModel } from '../src/domain/ranking/diffusion-model.js';
import { type Diffusion, DIFFUSIONS } from '../src/domain/ranking/diffusion-objective.js';
import { diffusionScorer } from '../src/domain/ranking/diffusion-scorer.js';
import { meanPairDistance } from '../src/domain/ranking/imagined-item.js';
import { halfTieRank, meanQuality } from '../src/domain/ranking/metrics.js';
import { PROTOCOLS, type Question, type Split, splitData } from '../src/domain/ranking/protocols.js';
import { numberInteractions } from '../src/domain/ranking/ranking-data.js';
import type { StartTrunk } from '../src/domain/ranking/train-codes.js';
import {
  type DiffusionPart,
  diffusionRecipeFor,
  trainDiffusion,
} from '../src/domain/ranking/train-diffusion.js';
import { trainTrunk } from '../src/domain/ranking/train-trunk.js';
import { seededRandom } from '../src/domain/random.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { benchOptions } from './bench-options.js';
import { reportBench } from './bench-report.js';
import { interactionsOf, openDataset } from './open-dataset.js';

/** Quality on MovieLens-100K against the knobs of an answer: steps and guidance, for each loss, beside the trunk below. */
const STEPS = [1, 2, 5, 10, 20];
const GUIDANCE = [0, 1, 2, 4];
const READ = PROTOCOLS.M4.maxHistory;
/** Answers whose spread is the uncertainty. */
const SAMPLES = 8;

const values = benchOptions({
  seed: { type: 'string', default: '1' },
  epochs: { type: 'string', default: '4' },
  data: { type: 'string', default: '../shared/data' },
});
const seed = Number(values.seed);
const compute = onnxCompute({ threads: 1 });
const folder = path.join(values.data, 'movielens-100k');
if (existsSync(folder)) await main();
else process.stdout.write(`skipped: data not here (${folder})\n`);

async function main(): Promise<void> {
  const split = await load();
  const figures: Record<string, number> = {};
  const trunk = await trained('trunk', figures, () => trainTrunk(split.train, compute, optionsFor(split)));
  Object.assign(figures, await quality('trunk', trunk, split.validation));
  Object.assign(figures, await quality('trunk.test', trunk, split.test));
  for (const objective of DIFFUSIONS) Object.assign(figures, await measured(objective, split, trunk));
  await trunk.dispose();
  reportBench('diffusion', figures, seed);
}

async function load(): Promise<Split> {
  const dataset = await openDataset('movielens-100k', folder);
  const interactions = await interactionsOf(dataset, { actions: false });
  return splitData(numberInteractions(interactions, seededRandom(seed)).data, PROTOCOLS.M4);
}

/** Epochs instead of seconds, so that figures do not depend on how busy the machine is. */
function optionsFor({ validation }: Split) {
  return { seed, validation, maxEpochs: Number(values.epochs) };
}

async function trained<P extends { readonly epochs: number }>(
  name: string,
  figures: Record<string, number>,
  work: () => Promise<P>,
): Promise<P> {
  const begin = performance.now();
  const part = await work();
  figures[`${name}.trainSeconds`] = (performance.now() - begin) / 1000;
  figures[`${name}.epochs`] = part.epochs;
  return part;
}

/** Every setting on validation; the default one also on the test. */
async function measured(
  objective: Diffusion,
  split: Split,
  trunk: StartTrunk,
): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  const recipe = diffusionRecipeFor({ diffusion: objective });
  const part = await trained(objective, figures, () =>
    trainDiffusion(split.train, compute, { ...optionsFor(split), trunk }, recipe),
  );
  Object.assign(figures, await quality(`${objective}.test`, part, split.test));
  Object.assign(figures, await certainty(objective, part, split.test));
  for (const steps of STEPS) {
    for (const guidance of objective === 'diffrec' ? [0] : GUIDANCE) {
      const name = `${objective}.steps${steps}.guidance${guidance}`;
      Object.assign(figures, await setting(name, { ...part.model, steps, guidance }, { split, trunk }));
    }
  }
  await part.dispose();
  return figures;
}

async function setting(
  name: string,
  model: DiffusionModel,
  { split, trunk }: { split: Split; trunk: StartTrunk },
): Promise<Record<string, number>> {
  const scorer = diffusionScorer(compute, model, trunk);
  const figures = await quality(name, scorer, split.validation);
  const [one] = split.validation;
  const request = [(one as Question).history.subarray(-READ)];
  await scorer.score(request);
  const begin = performance.now();
  for (let i = 0; i < 20; i++) await scorer.score(request);
  figures[`${name}.requestMs`] = (performance.now() - begin) / 20;
  await scorer.dispose();
  return figures;
}

/** Whether what it is surer of is right more often: recall of the surest and of the least sure third of the people. */
async function certainty(
  name: string,
  part: DiffusionPart,
  questions: readonly Question[],
): Promise<Record<string, number>> {
  const histories = questions.map(({ history }) => history.subarray(-READ));
  const vectors = await part.imagine(histories, SAMPLES);
  const each = vectors.length / histories.length;
  const unsure = histories.map((_, h) =>
    meanPairDistance(vectors.subarray(h * each, (h + 1) * each), each / SAMPLES),
  );
  const order = [...questions.keys()].sort((a, b) => (unsure[a] as number) - (unsure[b] as number));
  const third = Math.floor(order.length / 3);
  const of = (people: readonly number[]) => people.map((q) => questions[q] as Question);
  const mean = unsure.reduce((sum, one) => sum + one, 0) / Math.max(1, unsure.length);
  return {
    [`${name}.uncertainty`]: mean,
    ...(await quality(`${name}.surest`, part, of(order.slice(0, third)))),
    ...(await quality(`${name}.leastSure`, part, of(order.slice(-third)))),
  };
}

async function quality(
  name: string,
  part: { score(histories: readonly Int32Array[]): Promise<Float32Array[]> },
  questions: readonly Question[],
): Promise<Record<string, number>> {
  const scores = await part.score(questions.map(({ history }) => history.subarray(-READ)));
  const ranks = questions.map(({ history, target }, q) =>
    halfTieRank(scores[q] as Float32Array, target, new Set(history)),
  );
  const { R10, N10 } = meanQuality(ranks);
  process.stderr.write(`${name} R@10 ${R10.toFixed(4)} N@10 ${N10.toFixed(4)}\n`);
  return { [`${name}.R10`]: R10, [`${name}.N10`]: N10 };
}
