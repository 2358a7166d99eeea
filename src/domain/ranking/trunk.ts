import { type Graph, type Tensor } from '../graph/graph.js';
import { gatedBlock, hstuBlock } from '../graph/layers/gated-block.js';
import { embeddingTable } from '../graph/layers/linear.js';
import { layerNormOf } from '../graph/layers/norm.js';
import { transformerBlock } from '../graph/layers/transformer-block.js';
import { dropout } from '../graph/ops/dropout.js';
import { add, and, equal, mul, where } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { reshape } from '../graph/ops/shaping.js';

const blocks = { transformer: transformerBlock, gated: gatedBlock, hstu: hstuBlock };

/** The shape of the sequence model. Everything follows from the data by `trunkConfigFor`. */
export interface TrunkConfig {
  readonly itemCount: number;
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
  readonly block: keyof typeof blocks;
  /** Items of a history that are read; the last ones. */
  readonly history: number;
  readonly dropout: number;
  /** Divides the cosine between state and item; 0.05 in every published configuration that names one. */
  readonly temperature: number;
}

export interface RowShape {
  readonly rows: number;
  readonly length: number;
}

/** Hides a token from another: not -Infinity, so that an empty row stays finite. */
const HIDDEN = -1e9;

/**
 * The causal transformer over packed item sequences (Kang & McAuley 2018, gated blocks after Borisyuk et al. 2025): inputs
 * `items`, `positions`, `segments` (rows, length) -> states (rows · length, width), before normalisation.
 */
export function trunkStates(graph: Graph, config: TrunkConfig, shape: RowShape, isTraining: boolean): Tensor {
  const items = graph.input('items', [shape.rows, shape.length], 'i64');
  const table = itemTable(graph, config);
  const embedded = mul(gatherRows(table, items), Math.sqrt(config.width)); // (rows, length, width)
  return contextualise(graph, embedded, { config, isTraining });
}

/** Positions, blocks and the last norm over embedded tokens; shared by the item trunk and the code trunk. */
export function contextualise(
  graph: Graph,
  embedded: Tensor,
  { config, isTraining }: { config: TrunkConfig; isTraining: boolean },
): Tensor {
  const [rows, length] = embedded.shape as [number, number, number];
  const rate = isTraining ? config.dropout : 0;
  const positions = graph.input('positions', [rows, length], 'i64');
  const places = embeddingTable(graph, 'positions', [config.history, config.width]);
  let x = dropout(add(embedded, mul(gatherRows(places, positions), Math.sqrt(config.width))), rate);
  const bias = segmentBias(graph, { rows, length });
  for (let b = 0; b < config.blocks; b++) {
    x = blocks[config.block](x, `block${b}`, { heads: config.heads, bias, dropout: rate });
  }
  return reshape(layerNormOf(x, 'final'), [rows * length, config.width]);
}

export function itemTable(graph: Graph, config: TrunkConfig): Tensor {
  return embeddingTable(graph, 'items', [config.itemCount, config.width]);
}

/** A token sees itself and what came before it in its own sequence: (rows, 1, length, length). */
function segmentBias(graph: Graph, { rows, length }: RowShape): Tensor {
  const segments = graph.input('segments', [rows, length], 'i64');
  const same = equal(reshape(segments, [rows, 1, length, 1]), reshape(segments, [rows, 1, 1, length]));
  const causal = Uint8Array.from({ length: length ** 2 }, (_, i) =>
    i % length <= Math.floor(i / length) ? 1 : 0,
  );
  return where(and(same, graph.constant(causal, [1, 1, length, length])), 0, HIDDEN);
}
