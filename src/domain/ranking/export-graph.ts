import { DomainError } from '../errors.js';
import type { Compute, Values } from '../graph/compute.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { add, maximum, sub } from '../graph/ops/elementwise.js';
import { exp, log } from '../graph/ops/functions.js';
import { gatherRows, scatterRowsAdd } from '../graph/ops/indexing.js';
import { matmul } from '../graph/ops/matmul.js';
import { reduceMax } from '../graph/ops/reducing.js';
import { concat, expand, reshape } from '../graph/ops/shaping.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import { buildTrie, nodesAt, type Trie } from '../semantic-ids/trie.js';
import { catalogueScores } from './catalogue-scores.js';
import { digitFeeds } from './code-feeds.js';
import { codeNodes } from './code-nodes.js';
import { codeEndStates } from './code-trunk.js';
import { levelQuery } from './depth-decoder.js';
import { servedCodes } from './served-codes.js';
import { packSequences } from './pack-sequences.js';
import type { RankerModel } from './ranker-artefact.js';
import { endStates, type TrunkConfig } from './trunk.js';

/** Trunk and codes of a ranker as one function of one history: what another runtime needs, and nothing else. */
export interface ExportedGraph {
  readonly graph: Graph;
  readonly parameters: Values;
  /** Outputs that are there: `trunk` (1, items) cosine / temperature, `codes` (1, items) log-probabilities. */
  readonly outputs: readonly ('trunk' | 'codes')[];
  /** What the graph is fed for a history: items by number, oldest first. */
  feedsFor(history: Int32Array): Values;
}

type Trunk = NonNullable<RankerModel['trunk']>;
type Codes = NonNullable<RankerModel['codes']>;
type Shape = { readonly rows: 1; readonly length: number; readonly most: 1 };

/** Codes that are predicted digit by digit; parallel ones have no tree to add up along. */
const isExported = (codes: RankerModel['codes']): codes is Codes =>
  codes !== null && codes.model.decoder.isParallel !== true;

export async function exportGraph(
  { trunk, codes: all }: Pick<RankerModel, 'trunk' | 'codes'>,
  compute: Pick<Compute, 'compile'>,
): Promise<ExportedGraph> {
  const codes = isExported(all) ? all : null;
  const config = trunk?.config ?? codes?.model.config;
  if (config === undefined)
    throw new DomainError('CONFLICT', 'a model with a trunk or with codes was wanted, this one has neither', {
      path: ['id'],
    });
  const shape: Shape = { rows: 1, length: config.history, most: 1 };
  const graph = new Graph();
  const parameters: Values = {};
  if (trunk) graph.output('trunk', addTrunk(graph, trunk, { shape, parameters }));
  if (codes) graph.output('codes', await addCodes(graph, codes, { shape, parameters, compute }));
  return {
    graph,
    parameters,
    outputs: [...graph.outputs.keys()] as ExportedGraph['outputs'],
    feedsFor: (history) => feedsFor(history, graph, { config, codes }),
  };
}

interface Adding {
  readonly shape: Shape;
  readonly parameters: Values;
}

const TRUNK = 'trunk/';
const CODES = 'codes/';

function addTrunk(graph: Graph, { config, weights }: Trunk, { shape, parameters }: Adding): Tensor {
  const units = normaliseRows((weights['items.weight'] as Float32Array).slice(), config.width);
  name(parameters, TRUNK, { ...weights, unitItems: units });
  return graph.within(TRUNK, () => {
    const table = graph.parameter('unitItems', [config.itemCount, config.width], { kind: 'zeros' });
    return catalogueScores(endStates(graph, config, shape), table, config);
  });
}

async function addCodes(
  graph: Graph,
  { ids, ...codes }: Codes,
  { shape, parameters, compute }: Adding & { readonly compute: Pick<Compute, 'compile'> },
): Promise<Tensor> {
  const { config, decoder, weights } = servedCodes(codes);
  const trie = buildTrie(ids);
  const nodes = await codeNodes(compute, decoder, weights, trie);
  const tables = Object.fromEntries(nodes.map((table, level) => [`nodes${level}`, table]));
  name(parameters, CODES, { ...weights, ...tables });
  return graph.within(CODES, () => {
    const states = codeEndStates(graph, { config, radix: decoder.radix }, shape); // (1, width)
    const one = expand(graph.scalar(1), [1, 1]);
    const logits = decoder.radix.map((_, level) => {
      const query = concat([levelQuery(states, level, { ...decoder, isTraining: false }), one], 1);
      const size = [decoder.width + 1, nodesAt(trie, level + 1)];
      return matmul(query, graph.parameter(`nodes${level}`, size, { kind: 'zeros' })); // (1, nodes)
    });
    return itemLogProbs(graph, trie, logits);
  });
}

/** log p(item) = Σ_l log p(digit_l | digits before it), as `exactLogProbs` has it: a softmax among siblings, added up along the tree. */
function itemLogProbs(graph: Graph, trie: Trie, logits: readonly Tensor[]): Tensor {
  let above: Tensor = graph.constant(new Float32Array(1), [1, 1]);
  logits.forEach((row, level) => {
    const count = nodesAt(trie, level + 1);
    const parent = graph.constant(trie.parent[level] as Int32Array);
    const column = reshape(row, [count, 1]);
    const shifted = sub(column, reshape(reduceMax(row), [1, 1]));
    const none = graph.constant(new Float32Array(nodesAt(trie, level)), [nodesAt(trie, level), 1]);
    const sums = maximum(scatterRowsAdd(none, parent, exp(shifted)), 1e-37);
    above = add(gatherRows(above, parent), sub(shifted, gatherRows(log(sums), parent))); // (nodes, 1)
  });
  return reshape(gatherRows(above, graph.constant(trie.leaves)), [1, trie.leaves.length]);
}

function name(into: Values, prefix: string, values: Values): void {
  for (const [own, data] of Object.entries(values)) into[prefix + own] = data;
}

function feedsFor(
  history: Int32Array,
  graph: Graph,
  { config, codes }: { readonly config: TrunkConfig; readonly codes: Codes | null },
): Values {
  const [packed] = packSequences([history], { rows: 1, length: config.history, most: 1 });
  if (packed === undefined)
    throw new DomainError('INVALID_INPUT', 'a history of at least one item was wanted, an empty one came');
  const { items, positions, segments, context, places } = packed;
  const ends = Int32Array.of(places[0]?.last ?? 0);
  const digits = codes ? digitFeeds('digit', items, codes.ids) : {};
  const all: Values = { ...context, ...digits, items, positions, segments, ends };
  return Object.fromEntries(Object.entries(all).filter(([input]) => graph.inputs.has(input)));
}
