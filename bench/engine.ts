import { type Compute } from '../src/domain/graph/compute.js';
import { Graph } from '../src/domain/graph/graph.js';
import { causalBias } from '../src/domain/graph/layers/attention.js';
import { embeddingTable } from '../src/domain/graph/layers/linear.js';
import { layerNormOf } from '../src/domain/graph/layers/norm.js';
import { addPositions } from '../src/domain/graph/layers/positional.js';
import { transformerBlock } from '../src/domain/graph/layers/transformer-block.js';
import { linearCrossEntropy } from '../src/domain/graph/ops/cross-entropy.js';
import { dropout } from '../src/domain/graph/ops/dropout.js';
import { gatherRows } from '../src/domain/graph/ops/indexing.js';
import { reshape } from '../src/domain/graph/ops/shaping.js';
import { createTrainer } from '../src/domain/graph/trainer.js';
import { seededRandom } from '../src/domain/random.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { reportBench } from './bench-report.js';
import { measurePeak, quantile, timesOf } from './measure.js';

/** A causal transformer over items with full softmax, one training step = forward, backward, AdamW. */
interface Size {
  name: string;
  layers: number;
  width: number;
  items: number;
  batch: number;
  length: number;
  dropout: number;
}

/** `medium` is the model that the first prototype of the engine took 72 ms a step for. */
const sizes: Size[] = [
  { name: 'small', layers: 1, width: 64, items: 1000, batch: 32, length: 20, dropout: 0 },
  { name: 'medium', layers: 2, width: 64, items: 3417, batch: 64, length: 50, dropout: 0 },
  { name: 'large', layers: 1, width: 128, items: 12_101, batch: 64, length: 50, dropout: 0.3 },
];
const SEED = 1;

function build({ layers, width, items, batch, length, dropout: rate }: Size): Graph {
  const g = new Graph();
  const table = embeddingTable(g, 'items', [items, width]);
  let x = dropout(addPositions(gatherRows(table, g.input('ids', [batch, length], 'i64')), 'positions'), rate);
  const block = { heads: 2, bias: causalBias(g, length), dropout: rate, activation: 'relu' as const };
  for (let i = 0; i < layers; i++) x = transformerBlock(x, `block${i}`, block);
  const hidden = reshape(layerNormOf(x, 'final'), [-1, width]);
  const [targets, weights] = [
    g.input('targets', [batch * length], 'i64'),
    g.input('weights', [batch * length]),
  ];
  g.output('loss', linearCrossEntropy(hidden, table, targets, weights));
  return g;
}

/** Multiplications and additions of the matrix products, forward and twice that backward; the rest is not counted. */
function flopsOf({ layers, width, items, batch, length }: Size): number {
  const tokens = batch * length;
  const perToken = layers * (12 * width ** 2 + 2 * length * width) + items * width;
  return 6 * tokens * perToken;
}

function feedsOf({ items, batch, length }: Size): Record<string, Float32Array | Int32Array> {
  const random = seededRandom(SEED);
  const draw = () => Int32Array.from({ length: batch * length }, () => random.int(items));
  return { ids: draw(), targets: draw(), weights: new Float32Array(batch * length).fill(1) };
}

async function measureStep(compute: Compute, size: Size, times: number): Promise<number> {
  const trainer = createTrainer(compute, {
    build: () => build(size),
    optimiser: { learningRate: 1e-3 },
    seed: SEED,
  });
  const feeds = feedsOf(size);
  for (let i = 0; i < 3; i++) await trainer.train({ feeds });
  const ms = quantile(await timesOf(times, () => trainer.train({ feeds })), 0.5);
  await trainer.dispose();
  return ms;
}

const compute = onnxCompute();
const figures: Record<string, number> = { peakGflops: await measurePeak(compute, SEED) };
for (const size of sizes) {
  const ms = await measureStep(compute, size, 15);
  figures[`${size.name}.stepMs`] = ms;
  figures[`${size.name}.stepsPerSecond`] = 1000 / ms;
  figures[`${size.name}.gflops`] = flopsOf(size) / ms / 1e6;
}
figures['peakGflopsAfter'] = await measurePeak(compute, SEED);
figures['medium.shareOfPeak'] =
  (figures['medium.gflops'] ?? NaN) / Math.max(figures['peakGflops'] ?? NaN, figures['peakGflopsAfter']);
reportBench('engine', figures, SEED);
