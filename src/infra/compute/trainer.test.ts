import { fit } from '../../domain/graph/fit.js';
import { Graph } from '../../domain/graph/graph.js';
import { interpreted } from '../../domain/graph/interpreter.js';
import { causalBias } from '../../domain/graph/layers/attention.js';
import { embeddingTable } from '../../domain/graph/layers/linear.js';
import { layerNormOf } from '../../domain/graph/layers/norm.js';
import { transformerBlock } from '../../domain/graph/layers/transformer-block.js';
import { linearCrossEntropy } from '../../domain/graph/ops/cross-entropy.js';
import { gatherRows } from '../../domain/graph/ops/indexing.js';
import { matmul } from '../../domain/graph/ops/matmul.js';
import { reshape } from '../../domain/graph/ops/shaping.js';
import { type Batch, createTrainer, type Trainer, type TrainingPlan } from '../../domain/graph/trainer.js';
import { seededRandom } from '../../domain/random.js';
import { onnxCompute } from './onnx-compute.js';

const [batch, width, items] = [8, 16, 20];
const lengths: Record<string, number> = { short: 3, long: 6 };
const compute = onnxCompute({ threads: 1 });

/** A small sequence model; the world's rule is: after item i comes i + 1. */
function build(shape: string, dropout = 0.1): Graph {
  const length = lengths[shape] ?? 1;
  const g = new Graph();
  const table = embeddingTable(g, 'items', [items, width], 0.3);
  const x = gatherRows(table, g.input('ids', [batch, length], 'i64'));
  const block = transformerBlock(x, 'block', {
    heads: 2,
    bias: causalBias(g, length),
    dropout,
    expansion: 2,
  });
  const h = reshape(layerNormOf(block, 'final'), [-1, width]);
  g.output('hidden', h);
  const [targets, weights] = [
    g.input('targets', [batch * length], 'i64'),
    g.input('weights', [batch * length]),
  ];
  g.output('loss', linearCrossEntropy(h, table, targets, weights));
  return g;
}

function batchAt(step: number): Batch {
  const random = seededRandom(`batch ${step}`);
  const shape = random.next() < 0.5 ? 'short' : 'long';
  const length = lengths[shape] ?? 1;
  const starts = Array.from({ length: batch }, () => random.int(items));
  const ids = Int32Array.from(
    { length: batch * length },
    (_, i) => ((starts[Math.floor(i / length)] ?? 0) + (i % length)) % items,
  );
  const feeds = {
    ids,
    targets: ids.map((id) => (id + 1) % items),
    weights: new Float32Array(ids.length).fill(1),
  };
  return { shape, feeds };
}

const plan: TrainingPlan = {
  build,
  firstShape: 'short',
  optimiser: { learningRate: 0.01, warmupSteps: 5, clipNorm: 1, weightDecay: 0.01, emaDecay: 0.9 },
  seed: 5,
};

async function trainTo(trainer: Trainer, steps: number): Promise<number[]> {
  const losses: number[] = [];
  await fit(trainer, { batchAt, steps, onProgress: ({ loss }) => losses.push(loss) });
  return losses;
}

test('twenty steps are the same as ten, a checkpoint in another trainer, and ten more', async () => {
  const [whole, first, second] = [0, 1, 2].map(() => createTrainer(compute, plan)) as [
    Trainer,
    Trainer,
    Trainer,
  ];
  const losses = await trainTo(whole, 20);
  const before = await trainTo(first, 10);
  second.restore(first.checkpoint());
  const after = await trainTo(second, 20);
  expect([...before, ...after]).toEqual(losses);
  expect(second.weights()).toEqual(whole.weights());
  expect(second.weights('latest')).toEqual(whole.weights('latest'));
  await Promise.all([whole, first, second].map((trainer) => trainer.dispose()));
});

test('a tiny transformer learns the rule of its world, in two batch shapes, and its average weights serve', async () => {
  const trainer = createTrainer(compute, plan);
  const losses = await trainTo(trainer, 250);
  expect(losses[0]).toBeGreaterThan(2.5);
  expect(Math.min(...losses.slice(-20))).toBeLessThan(0.2);
  const g = build('long', 0);
  const table = g.parameters.get('items.weight')?.tensor;
  const hidden = g.outputs.get('hidden');
  if (!table || !hidden) throw new Error('the graph has a table and a hidden state');
  g.output('scores', matmul(hidden, table, { transB: true }));
  const model = await compute.loadOnnx(compute.exportOnnx(g, trainer.weights(), ['scores']));
  const { ids, targets } = batchAt(1000).shape === 'long' ? batchAt(1000).feeds : batchAt(1002).feeds;
  const { scores } = await model.run({ ids: ids ?? new Int32Array() });
  const right = [...(targets ?? [])].filter((target, row) => {
    const own = [...(scores ?? [])].slice(row * items, (row + 1) * items);
    return own.indexOf(Math.max(...own)) === target;
  });
  expect(right.length / (targets?.length ?? 0)).toBeGreaterThan(0.9);
  await Promise.all([trainer.dispose(), model.dispose()]);
});

test('training on the interpreter and on ONNX Runtime takes the same way', async () => {
  const slow = createTrainer({ compile: (g, options) => Promise.resolve(interpreted(g, options)) }, plan);
  const fast = createTrainer(compute, plan);
  const [a, b] = [await trainTo(slow, 4), await trainTo(fast, 4)];
  a.forEach((loss, i) => expect(b[i]).toBeCloseTo(loss, 4));
  await fast.dispose();
});

test('frozen parameters stay as they were given', async () => {
  const items0 = new Float32Array(items * width).fill(0.25);
  const trainer = createTrainer(compute, {
    ...plan,
    trainable: (name) => name !== 'items.weight',
    initial: { 'items.weight': items0 },
  });
  const before = trainer.weights('latest');
  await trainTo(trainer, 3);
  const after = trainer.weights('latest');
  expect(after['items.weight']).toEqual(items0);
  expect(after['block.attention.qkv.weight']).not.toEqual(before['block.attention.qkv.weight']);
  await trainer.dispose();
});

test('training stops when validation stops improving, and returns the best weights', async () => {
  const trainer = createTrainer(compute, plan);
  const seen: number[] = [];
  const validate = (_: unknown, step: number) => {
    seen.push(step);
    return Promise.resolve(1 - Math.abs(step - 6)); // best at step 6
  };
  const result = await fit(trainer, { batchAt, steps: 100, validate, validateEvery: 2, patience: 3 });
  expect(seen).toEqual([2, 4, 6, 8, 10, 12]);
  expect(result).toMatchObject({ ended: 'out of patience', bestStep: 6, score: 1 });
  expect(result.weights).not.toEqual(trainer.weights());
  await trainer.dispose();
});

test('an aborted signal ends training after the step at hand', async () => {
  const trainer = createTrainer(compute, plan);
  const stop = new AbortController();
  const onProgress = ({ step }: { step: number }) => step === 3 && stop.abort();
  const result = await fit(trainer, { batchAt, steps: 100, signal: stop.signal, onProgress });
  expect(result.ended).toBe('aborted');
  expect(trainer.step).toBe(3);
  await trainer.dispose();
});

test('a checkpoint of another model or another seed is refused', async () => {
  const trainer = createTrainer(compute, plan);
  const other = createTrainer(compute, { ...plan, seed: 6 });
  expect(() => trainer.restore(other.checkpoint())).toThrow(/another seed/);
  const small = createTrainer(compute, { ...plan, trainable: (name) => name.startsWith('block') });
  expect(() => trainer.restore(small.checkpoint())).toThrow(/does not fit/);
  await Promise.all([trainer, other, small].map((each) => each.dispose()));
});
