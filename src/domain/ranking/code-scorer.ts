import type { Compute, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { concat, expand } from '../graph/ops/shaping.js';
import { matmul } from '../graph/ops/matmul.js';
import type { SemanticIds } from '../semantic-ids/residual-kmeans.js';
import { nodesAt, type Trie } from '../semantic-ids/trie.js';
import { beamSearch, type FoundItem, type NextLogProbs } from './beam-search.js';
import { digitFeeds } from './code-feeds.js';
import type { CodeModel, CodeScorer } from './code-model.js';
import { codeNodes } from './code-nodes.js';
import { codeEndStates } from './code-trunk.js';
import { levelQuery } from './depth-decoder.js';
import { exactLogProbs, logSumExp } from './exact-scoring.js';
import type { HistoryContext } from './history-context.js';
import type { PackedRows } from './pack-sequences.js';
import { parallelScorer } from './parallel-scorer.js';
import { packedRunner, type PackedRunner, type RunShape } from './packed-runner.js';

interface Compiled {
  readonly model: CodeModel;
  readonly ids: SemanticIds;
  readonly trie: Trie;
  readonly nodes: readonly Float32Array[];
}

export async function codeScorer(
  compute: Pick<Compute, 'compile'>,
  model: CodeModel,
  catalogue: { ids: SemanticIds; trie: Trie },
): Promise<CodeScorer> {
  if (model.decoder.isParallel === true) return parallelScorer(compute, model, catalogue.ids);
  const nodes = await codeNodes(compute, model.decoder, model.weights, catalogue.trie);
  const compiled: Compiled = { model, ...catalogue, nodes };
  const { history } = model.config;
  const exact = packedRunner(compute, history, (shape) => codeGraph(compiled, shape, 'logits'));
  const queries = packedRunner(compute, history, (shape) => codeGraph(compiled, shape, 'queries'));
  return {
    score: (histories, contexts) => scoreAll(compiled, exact, histories, contexts),
    search: (histories, width) => searchAll(compiled, queries, { histories, width }),
    async dispose() {
      await Promise.all([exact.dispose(), queries.dispose()]);
    },
  };
}

/**
 * items, digits, positions, segments, ends -> query{l} (most, width + 1), for beam search, whose cost does not grow with the catalogue;
 * or logits{l} (most, nodes of level l + 1), for exact scoring.
 */
function codeGraph({ model, trie }: Compiled, shape: RunShape, wanted: 'queries' | 'logits'): Graph {
  const graph = new Graph();
  const { config, decoder } = model;
  const states = codeEndStates(graph, { config, radix: decoder.radix }, shape); // (most, width)
  const one = expand(graph.scalar(1), [shape.most, 1]);
  decoder.radix.forEach((_, level) => {
    const query = concat([levelQuery(states, level, { ...decoder, isTraining: false }), one], 1);
    if (wanted === 'queries') {
      graph.output(`query${level}`, query);
      return;
    }
    const nodes = [nodesAt(trie, level + 1), config.width + 1];
    const table = graph.parameter(`nodes${level}`, nodes, { kind: 'zeros' });
    graph.output(`logits${level}`, matmul(query, table, { transB: true }));
  });
  return graph;
}

async function scoreAll(
  compiled: Compiled,
  runner: PackedRunner,
  histories: readonly Int32Array[],
  contexts?: readonly HistoryContext[],
): Promise<Float32Array[]> {
  const { trie } = compiled;
  const out: Float32Array[] = histories.map(() => new Float32Array(trie.leaves.length));
  await eachBatch(compiled, runner, { histories, contexts }, ({ places }, values) => {
    places.forEach(({ sequence }, i) => {
      out[sequence] = exactLogProbs(trie, rowsOf(values, 'logits', { trie, row: i }));
    });
  });
  return out;
}

/** Row `row` of each level's logits. */
function rowsOf(values: Values, name: string, { trie, row }: { trie: Trie; row: number }): Float32Array[] {
  return trie.digit.map(({ length }, level) =>
    (values[`${name}${level}`] as Float32Array).subarray(row * length, (row + 1) * length),
  );
}

async function searchAll(
  compiled: Compiled,
  runner: PackedRunner,
  { histories, width }: { histories: readonly Int32Array[]; width: number },
): Promise<FoundItem[][]> {
  const out: FoundItem[][] = histories.map(() => []);
  const batches: { packed: PackedRows; values: Values }[] = [];
  await eachBatch(compiled, runner, { histories }, (packed, values) => {
    batches.push({ packed, values });
  });
  for (const { packed, values } of batches) {
    const found = await beamSearch(compiled.trie, packed.places.length, width, nextFrom(compiled, values));
    packed.places.forEach(({ sequence }, i) => (out[sequence] = found[i] ?? []));
  }
  return out;
}

/** Log-probabilities of children by inner products with the few nodes a beam can step to. */
function nextFrom({ trie, nodes, model }: Compiled, values: Values): NextLogProbs {
  const stride = model.config.width + 1;
  return (level, prefixes) => {
    const [start, table] = [trie.start[level] as Int32Array, nodes[level] as Float32Array];
    const queries = values[`query${level}`] as Float32Array;
    return prefixes.map(({ history, node }) => {
      const [from, to] = [start[node] as number, start[node + 1] as number];
      const logits = new Float32Array(to - from);
      for (let child = from; child < to; child++) {
        let sum = 0;
        for (let c = 0; c < stride; c++) {
          sum += (queries[history * stride + c] as number) * (table[child * stride + c] as number);
        }
        logits[child - from] = sum;
      }
      const total = logSumExp(logits, 0, logits.length);
      return logits.map((x) => x - total);
    });
  };
}

async function eachBatch(
  { model, ids, nodes }: Compiled,
  runner: PackedRunner,
  {
    histories,
    contexts,
  }: { histories: readonly Int32Array[]; contexts?: readonly HistoryContext[] | undefined },
  take: (packed: PackedRows, values: Values) => void,
): Promise<void> {
  const tables = Object.fromEntries(nodes.map((table, level) => [`nodes${level}`, table]));
  const fed = { ...model.weights, ...tables };
  const feedsOf = ({ items }: PackedRows) => ({ ...fed, items, ...digitFeeds('digit', items, ids) });
  await runner.run(histories, feedsOf, take, contexts);
}
