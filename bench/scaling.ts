import { mkdirSync, writeFileSync } from 'node:fs';
import { PROTOCOLS, splitData, type Split } from '../src/domain/ranking/protocols.js';
import { trainTrunk, type TrunkPart, trunkRecipeFor } from '../src/domain/ranking/train-trunk.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { fail, wholeNumber } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { reportBench } from './bench-report.js';
import { cachedRun } from './cached-run.js';
import { fitPowerLaw } from './fit-power-law.js';
import type { Figures } from './ranking-figures.js';
import { loadRankingSet, RANKING_SETS } from './ranking-sets.js';
import { scalingPlot } from './scaling-plot.js';

/** Gated blocks have 14 · width² weights each: 14 k to 3.1 M, three times more from row to row. */
const SIZES: readonly (readonly [width: number, blocks: number])[] = [
  [32, 1],
  [32, 3],
  [64, 2],
  [112, 2],
  [128, 4],
  [192, 6],
];

/** Questions scored at once. */
const BATCH = 64;

const values = benchOptions({
  dataset: { type: 'string', default: 'ml-1m' },
  seed: { type: 'string', default: '1' },
  /** Times that the data is read; 0: until held-out people no longer gain. Read often, small data is learned by heart by large sizes. */
  epochs: { type: 'string', default: '2' },
  /** A limit per size. */
  seconds: { type: 'string', default: '900' },
  data: { type: 'string', default: '../shared/data' },
  'accept-old': { type: 'boolean', default: false },
});
await main();

/** The same data, read as often, six sizes of the trunk: how the loss on held-out people falls with the weights. */
async function main(): Promise<void> {
  const { dataset } = values;
  const set = RANKING_SETS[dataset];
  if (set === undefined)
    fail(`--dataset: one of ${Object.keys(RANKING_SETS).join(', ')} was wanted, "${dataset}" came`);
  const seed = wholeNumber('seed', values.seed);
  const budgetSeconds = wholeNumber('seconds', values.seconds);
  const epochs = wholeNumber('epochs', values.epochs);
  const numbered = await loadRankingSet(set, values.data, seed);
  if (numbered === null) return void process.stdout.write(`skipped: data not here (${set.folder})\n`);
  const split = splitData(numbered.data, PROTOCOLS[set.protocols[0]]);
  const figures: Figures = {};
  const points: { size: number; loss: number }[] = [];
  for (const [width, blocks] of SIZES) {
    const name = `${width}x${blocks}`;
    const key = `scaling ${dataset} ${name} seed ${seed} epochs ${epochs} seconds ${budgetSeconds}`;
    const own = await cachedRun({ key, acceptsOld: values['accept-old'] }, () =>
      measured(split, { width, blocks }, { seed, budgetSeconds, ...(epochs > 0 && { maxEpochs: epochs }) }),
    );
    points.push({ size: own['weights'] as number, loss: own['loss'] as number });
    for (const [figure, value] of Object.entries(own))
      figures[`scaling.${dataset}.${name}.${figure}`] = value;
    process.stderr.write(`${key}: ${JSON.stringify(own)}\n`);
  }
  const law = fitPowerLaw(points);
  for (const [name, value] of Object.entries(law)) figures[`scaling.${dataset}.${name}`] = value as number;
  mkdirSync('docs/images', { recursive: true });
  writeFileSync('docs/images/scaling.svg', scalingPlot(points, law, `The sequence trunk on ${dataset}`));
  reportBench('scaling', figures, seed);
}

async function measured(
  split: Split,
  { width, blocks }: { width: number; blocks: number },
  limits: { readonly seed: number; readonly budgetSeconds: number; readonly maxEpochs?: number },
): Promise<Figures> {
  const now = () => performance.now();
  const begin = now();
  const recipe = trunkRecipeFor(split.train, { width, blocks, block: 'gated' });
  const options = { ...limits, now, validation: split.validation };
  const trunk = await trainTrunk(split.train, onnxCompute(), options, recipe);
  try {
    return {
      weights: weightsOf(trunk),
      loss: await lossOf(trunk, split),
      N10: trunk.validation,
      epochs: trunk.epochs,
      seconds: (now() - begin) / 1000,
    };
  } finally {
    await trunk.dispose();
  }
}

/** Tables of items and positions grow with the catalogue, not with the model. */
function weightsOf({ weights }: TrunkPart): number {
  const isTable = (name: string) => name.startsWith('items.') || name.startsWith('positions.');
  return Object.entries(weights).reduce((sum, [name, one]) => sum + (isTable(name) ? 0 : one.length), 0);
}

/** Mean −log softmax(scores)[target] in nats over the validation questions; the trunk's scores are its logits. */
async function lossOf(trunk: TrunkPart, { validation }: Split): Promise<number> {
  let sum = 0;
  for (let from = 0; from < validation.length; from += BATCH) {
    const batch = validation.slice(from, from + BATCH);
    const scores = await trunk.score(
      batch.map(({ history }) => history),
      batch.map(({ context = {} }) => context),
    );
    batch.forEach(({ target }, i) => {
      const own = scores[i] as Float32Array;
      const most = own.reduce((max, score) => Math.max(max, score), -Infinity);
      const total = own.reduce((all, score) => all + Math.exp(score - most), 0);
      sum += most + Math.log(total) - (own[target] as number);
    });
  }
  return sum / validation.length;
}
