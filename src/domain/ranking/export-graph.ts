import { DomainError } from '../errors.js';
import type { Compute, Values } from '../graph/compute.js';
import { Graph, type Tensor } from '../graph/graph.js';
import { add, maximum, sub } from '../graph/ops/elementwise.js';
import { exp, log } from '../graph/ops/functions.js';
import { gatherRows, scatterRowsAdd } from '../graph/ops/indexing.js';
import { reduceMax } from '../graph/ops/reducing.js';
import { concat, reshape } from '../graph/ops/shaping.js';
import { nth } from '../graph/op-rule.js';
import { buildTrie } from '../semantic-ids/trie.js';
import { choiceLogits, choiceTables } from './choice-logits.js';
import { type CodeChoices, codeChoices } from './code-choices.js';
import { digitFeeds } from './code-feeds.js';
import { servedCodes } from './served-codes.js';
import { packSequences } from './pack-sequences.js';
import type { RunShape } from './packed-runner.js';
import type { RankerModel } from './ranker-artefact.js';
import type { TrunkConfig } from './trunk.js';
import { trunkScores, withUnitItems } from './trunk-scorer.js';

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
  const shape: RunShape = { rows: 1, length: config.history, most: 1, alone: true };
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
  readonly shape: RunShape;
  readonly parameters: Values;
}

const TRUNK = 'trunk/';
const CODES = 'codes/';

function addTrunk(graph: Graph, { config, weights }: Trunk, { shape, parameters }: Adding): Tensor {
  name(parameters, TRUNK, withUnitItems({ config, weights }));
  return graph.within(TRUNK, () => trunkScores(graph, config, shape));
}

async function addCodes(
  graph: Graph,
  { ids, ...codes }: Codes,
  { shape, parameters, compute }: Adding & { readonly compute: Pick<Compute, 'compile'> },
): Promise<Tensor> {
  const model = servedCodes(codes);
  const trie = buildTrie(ids);
  const choices = codeChoices(trie);
  const tables = await choiceTables(compute, model, { trie, nodes: choices.nodes });
  name(parameters, CODES, { ...model.weights, ...tables });
  const logits = graph.within(CODES, () => choiceLogits(graph, { model, choices }, shape));
  return itemLogProbs(graph, choices, logits);
}

/** log p(item) = Σ_l log p(digit_l | digits before it), as `exactLogProbs` has it: a softmax among siblings, added up along the tree. */
function itemLogProbs(graph: Graph, choices: CodeChoices, logits: readonly (Tensor | null)[]): Tensor {
  const { start, above, ofItem } = choices;
  let known: Tensor = graph.constant(new Float32Array(1), [1, 1]); // of the root and all choices so far
  let group = 0;
  for (const row of logits) {
    if (row === null) continue;
    const [first, count] = [group, nth(row.shape, 1)];
    const groups = new Int32Array(count); // of each choice, counted from the level's first
    for (let choice = 0; choice < count; group++) {
      const size = (start[group + 1] as number) - (start[group] as number);
      groups.fill(group - first, choice, choice + size);
      choice += size;
    }
    const shifted = reshape(sub(row, reduceMax(row, { axes: [1], keepDims: true })), [count, 1]);
    const none = graph.constant(new Float32Array(group - first), [group - first, 1]);
    const own = graph.constant(groups);
    const sums = maximum(scatterRowsAdd(none, own, exp(shifted)), 1e-37);
    const before = gatherRows(known, graph.constant(above.slice(first, group)));
    known = concat([known, add(shifted, gatherRows(sub(before, log(sums)), own))], 0); // (1 + choices so far, 1)
  }
  return reshape(gatherRows(known, graph.constant(ofItem)), [1, ofItem.length]);
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
