import { type Graph, type Tensor } from '../graph/graph.js';
import { gatedBlock, hstuBlock, hstuPointwiseBlock } from '../graph/layers/gated-block.js';
import { type Attend, attendAt } from '../graph/layers/attention.js';
import { embeddingTable } from '../graph/layers/linear.js';
import { layerNormOf } from '../graph/layers/norm.js';
import { transformerBlock } from '../graph/layers/transformer-block.js';
import { dropout } from '../graph/ops/dropout.js';
import { add, mul } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { pickRows } from '../graph/pick-rows.js';
import { reshape } from '../graph/ops/shaping.js';
import { ACTIONS } from './actions.js';
import { attentionBias, endBias } from './trunk-bias.js';
import { keeping, reason, type Reasoning, type Thinker } from './trunk-reasoning.js';

const blocks = {
  transformer: transformerBlock,
  gated: gatedBlock,
  hstu: hstuBlock,
  'hstu-pointwise': hstuPointwiseBlock,
};

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
  /** Attention knows how long ago a key was when the next item was asked for. */
  readonly timeBias?: boolean;
  /** Attention knows how many items back a key is, beside the positions in the tokens. */
  readonly positionBias?: boolean;
  /** A token says what was done with its item. */
  readonly actions?: boolean;
  /** A token says what the item after it is wanted for. */
  readonly goals?: boolean;
  /** Vectors that ask for the next item, of which the nearest counts; 1 when left out. */
  readonly interests?: number;
  readonly reasoning?: Reasoning;
}

export interface RowShape {
  readonly rows: number;
  readonly length: number;
}

/** What is read of the rows: the states at `ends`. */
export interface EndShape extends RowShape {
  /** How many ends there are. */
  readonly most: number;
  /** One sequence a row, its end at the same place in `ends`: the last block then asks for that token only. */
  readonly alone?: boolean;
}

/**
 * The causal transformer over packed item sequences (Kang & McAuley 2018, gated blocks after Borisyuk et al. 2025): inputs
 * `items`, `positions`, `segments` (rows, length) -> states (rows · length, width), before normalisation.
 */
export function trunkStates(graph: Graph, config: TrunkConfig, shape: RowShape, isTraining: boolean): Tensor {
  return contextualise(graph, embeddedItems(graph, config, shape), { config, isTraining });
}

/** As `trunkStates` in training, beside them the states that stood before each answer; none without reasoning. */
export function trunkThoughts(
  graph: Graph,
  config: TrunkConfig,
  shape: RowShape,
): { readonly states: Tensor; readonly thoughts: readonly Tensor[] } {
  const thoughts: Tensor[] = [];
  const embedded = embeddedItems(graph, config, shape);
  return { states: contextualise(graph, embedded, { config, isTraining: true, thoughts }), thoughts };
}

/** The states at the tokens of the input `ends` (most) alone: (most, width). Thinking on is done for them only. */
export function endStates(graph: Graph, config: TrunkConfig, shape: EndShape): Tensor {
  return statesAtEnds(graph, embeddedItems(graph, config, shape), { config, shape });
}

/** The same over tokens that are embedded already. */
export function statesAtEnds(
  graph: Graph,
  embedded: Tensor,
  { config, shape: { most, alone = false } }: { config: TrunkConfig; shape: EndShape },
): Tensor {
  const ends = graph.input('ends', [most], 'i64');
  return contextualise(graph, embedded, { config, isTraining: false, ends, alone });
}

function embeddedItems(graph: Graph, config: TrunkConfig, { rows, length }: RowShape): Tensor {
  const items = graph.input('items', [rows, length], 'i64');
  return mul(gatherRows(itemTable(graph, config), items), Math.sqrt(config.width)); // (rows, length, width)
}

export interface Reading {
  readonly config: TrunkConfig;
  readonly isTraining: boolean;
  /** Flat indices of the tokens whose states are wanted; all when left out. */
  readonly ends?: Tensor;
  /** As of `EndShape`. */
  readonly alone?: boolean;
  /** Is given the states before each answer, see `reason`. */
  readonly thoughts?: Tensor[];
}

/** Positions, blocks and the last norm over embedded tokens; shared by the item trunk and the code trunk. */
export function contextualise(graph: Graph, embedded: Tensor, reading: Reading): Tensor {
  const { config, isTraining, ends, thoughts } = reading;
  const [rows, length] = embedded.shape as [number, number, number];
  const rate = isTraining ? config.dropout : 0;
  const bias = attentionBias(graph, config, { rows, length });
  const thinker: Thinker = {
    kept: [],
    block: (x, b, options) =>
      blocks[config.block](x, `block${b}`, { heads: config.heads, dropout: rate, ...options }),
    norm: (x) => layerNormOf(x, 'final'),
  };
  let x = dropout(placed(graph, withSaid(graph, embedded, config), config), rate);
  const last = config.reasoning ? undefined : lastAttention(graph, reading, { rows, length });
  for (let b = 0; b < config.blocks; b++) {
    const attend = config.reasoning ? keeping(thinker.kept) : b + 1 === config.blocks ? last : undefined;
    x = thinker.block(x, b, { bias, ...(attend && { attend }) });
  }
  const states = thinker.norm(x);
  if (config.reasoning) return reason({ states, bias, ends, thoughts }, thinker, config.reasoning);
  const flat = reshape(states, [rows * length, config.width]);
  return ends ? pickRows(flat, ends) : flat;
}

/** Nothing after the last block reads any but the ends, so that one query a row is enough there: half of a block's time. */
function lastAttention(graph: Graph, { config, ends, alone }: Reading, shape: RowShape): Attend | undefined {
  if (ends === undefined || alone !== true) return undefined;
  return attendAt(ends, endBias(graph, config, { ...shape, ends }));
}

function placed(graph: Graph, x: Tensor, { history, width }: TrunkConfig): Tensor {
  const positions = graph.input('positions', x.shape.slice(0, 2), 'i64');
  const places = embeddingTable(graph, 'positions', [history, width]);
  return add(x, mul(gatherRows(places, positions), Math.sqrt(width)));
}

/** Adds what was done (GenRank, 2025) and what is wanted next (URM, 2025) to the tokens; tables start at 0, where unknown stays. */
function withSaid(graph: Graph, embedded: Tensor, config: TrunkConfig): Tensor {
  const wanted = (['actions', 'goals'] as const).filter((name) => config[name]);
  return wanted.reduce((x, name) => {
    const table = graph.parameter(`${name}.weight`, [ACTIONS.length, config.width], { kind: 'zeros' });
    const said = gatherRows(table, graph.input(name, x.shape.slice(0, 2), 'i64'));
    return add(x, mul(said, Math.sqrt(config.width)));
  }, embedded);
}

export function itemTable(graph: Graph, config: TrunkConfig): Tensor {
  return embeddingTable(graph, 'items', [config.itemCount, config.width]);
}
