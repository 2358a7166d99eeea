import type { Compute, Executable, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { mul } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { matmul } from '../graph/ops/matmul.js';
import { l2Normalise } from '../graph/ops/normalising.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import { packSequences, type PackShape } from './pack-sequences.js';
import { trunkStates, type TrunkConfig } from './trunk.js';

/** Reads histories with one set of weights and scores the catalogue. */
export interface TrunkScorer {
  /** One array (itemCount) per history: cosine / temperature; zeros for an empty history. */
  score(histories: readonly Int32Array[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

const UNIT_ITEMS = 'unitItems';
/** Histories of one batch: bounded by the scores that come back, 6 MB at 12,000 items. */
const MOST = 128;

const shapesOf = (history: number): Record<'one' | 'many', Required<PackShape>> => ({
  one: { rows: 1, length: history, most: 1 },
  many: { rows: Math.max(4, Math.ceil(1024 / history)), length: history, most: MOST },
});

/** Two compiled shapes: one history for a request, packed rows of many for everything else. */
export async function trunkScorer(
  compute: Pick<Compute, 'compile'>,
  config: TrunkConfig,
  weights: Values,
): Promise<TrunkScorer> {
  const shapes = shapesOf(config.history);
  const [one, many] = await Promise.all([
    compute.compile(scoringGraph(config, shapes.one)),
    compute.compile(scoringGraph(config, shapes.many)),
  ]);
  const items = weights['items.weight'] as Float32Array;
  const fed = { ...weights, [UNIT_ITEMS]: normaliseRows(items.slice(), config.width) };
  return {
    async score(histories) {
      const single = histories.length === 1;
      return scoreWith(single ? one : many, histories, {
        shape: single ? shapes.one : shapes.many,
        fed,
        itemCount: config.itemCount,
      });
    },
    async dispose() {
      await Promise.all([one.dispose(), many.dispose()]);
    },
  };
}

/** items, positions, segments, ends -> scores (most, itemCount). */
function scoringGraph(config: TrunkConfig, shape: Required<PackShape>): Graph {
  const graph = new Graph();
  const states = gatherRows(
    trunkStates(graph, config, shape, false),
    graph.input('ends', [shape.most], 'i64'),
  ); // (most, width)
  const units = graph.parameter(UNIT_ITEMS, [config.itemCount, config.width], { kind: 'zeros' });
  graph.output('scores', matmul(mul(l2Normalise(states), 1 / config.temperature), units, { transB: true }));
  return graph;
}

async function scoreWith(
  executable: Executable,
  histories: readonly Int32Array[],
  { shape, fed, itemCount }: { shape: Required<PackShape>; fed: Values; itemCount: number },
): Promise<Float32Array[]> {
  const out = histories.map(() => new Float32Array(0));
  for (const { items, positions, segments, places } of packSequences(histories, shape)) {
    const ends = new Int32Array(shape.most);
    places.forEach(({ last }, i) => (ends[i] = last));
    const { scores } = await executable.run({ ...fed, items, positions, segments, ends });
    places.forEach(({ sequence }, i) => {
      out[sequence] = (scores as Float32Array).slice(i * itemCount, (i + 1) * itemCount);
    });
  }
  return out.map((scores) => (scores.length > 0 ? scores : new Float32Array(itemCount)));
}
