import { Graph } from '../../domain/graph/graph.js';
import { causalBias } from '../../domain/graph/layers/attention.js';
import { embeddingTable } from '../../domain/graph/layers/linear.js';
import { layerNormOf } from '../../domain/graph/layers/norm.js';
import { addPositions } from '../../domain/graph/layers/positional.js';
import { transformerBlock } from '../../domain/graph/layers/transformer-block.js';
import { linearCrossEntropy } from '../../domain/graph/ops/cross-entropy.js';
import { dropout } from '../../domain/graph/ops/dropout.js';
import { gatherRows } from '../../domain/graph/ops/indexing.js';
import { reshape } from '../../domain/graph/ops/shaping.js';
import { createTrainer } from '../../domain/graph/trainer.js';
import { onnxCompute } from './onnx-compute.js';

const [batch, length, width, items] = [64, 50, 64, 3417];

function build(): Graph {
  const g = new Graph();
  const table = embeddingTable(g, 'items', [items, width]);
  let x = dropout(addPositions(gatherRows(table, g.input('ids', [batch, length], 'i64')), 'positions'), 0.2);
  for (const i of [0, 1])
    x = transformerBlock(x, `block${i}`, { heads: 2, bias: causalBias(g, length), dropout: 0.2 });
  const h = reshape(layerNormOf(x, 'final'), [-1, width]);
  const targets = g.input('targets', [batch * length], 'i64');
  g.output('loss', linearCrossEntropy(h, table, targets, g.input('weights', [batch * length])));
  return g;
}

test('a transformer trains', async () => {
  const trainer = createTrainer(onnxCompute(), {
    build,
    optimiser: { learningRate: 1e-3, clipNorm: 1 },
    seed: 1,
  });
  const ids = Int32Array.from({ length: batch * length }, (_, i) => (i * 7) % items);
  const feeds = {
    ids,
    targets: ids.map((i) => (i + 1) % items),
    weights: new Float32Array(batch * length).fill(1),
  };
  for (let i = 0; i < 30; i++) {
    const t = performance.now();
    const r = await trainer.train({ feeds });
    if (i % 5 === 0) console.log(r.loss, r.gradientNorm, performance.now() - t);
  }
  await trainer.dispose();
});
