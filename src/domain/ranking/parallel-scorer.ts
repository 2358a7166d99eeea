import type { Compute, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { matmul } from '../graph/ops/matmul.js';
import type { SemanticIds } from '../semantic-ids/residual-kmeans.js';
import { digitFeeds } from './code-feeds.js';
import type { CodeModel, CodeScorer } from './code-model.js';
import { codeEndStates } from './code-trunk.js';
import { codeVectors, levelQuery } from './depth-decoder.js';
import { logSumExp } from './exact-scoring.js';
import { packedRunner, type RunShape } from './packed-runner.js';
import { topItems } from './top-items.js';

/**
 * Scores of parallel codes: score(item) = Σ_l log p(code_l | person), one pass over the catalogue, an addition
 * per item and position. Nothing outside the catalogue can come out, because nothing else is scored; `search` is the same pass, exact.
 */
export function parallelScorer(
  compute: Pick<Compute, 'compile'>,
  model: CodeModel,
  ids: SemanticIds,
): CodeScorer {
  const columns = ids.radix.map((radix, level) => ({ radix, codes: columnOf(ids, level) }));
  const runner = packedRunner(compute, model.config.history, (shape) => parallelGraph(model, shape));
  const score: CodeScorer['score'] = async (histories, contexts) => {
    const out: Float32Array[] = histories.map(() => new Float32Array(ids.itemCount));
    await runner.run(
      histories,
      ({ items }) => ({ ...model.weights, items, ...digitFeeds('digit', items, ids) }),
      ({ places }, values) => {
        places.forEach(({ sequence }, row) => addUp(out[sequence] as Float32Array, columns, { values, row }));
      },
      contexts,
    );
    return out;
  };
  return {
    score,
    async search(histories, few, { taken, contexts } = {}) {
      const scores = await score(histories, contexts);
      return scores.map((own) =>
        Array.from(topItems(own, Math.min(few, own.length), taken), (item) => ({
          item,
          logProb: own[item] as number,
        })),
      );
    },
    dispose: () => runner.dispose(),
  };
}

/** items, digits, positions, segments, ends -> logits{l} (most, radix_l). */
function parallelGraph({ config, decoder }: CodeModel, shape: RunShape): Graph {
  const graph = new Graph();
  const states = codeEndStates(graph, { config, radix: decoder.radix }, shape); // (most, width)
  decoder.radix.forEach((_, level) => {
    const query = levelQuery(states, level, { ...decoder, isTraining: false });
    graph.output(`logits${level}`, matmul(query, codeVectors(graph, level, decoder), { transB: true }));
  });
  return graph;
}

/** The codes of all items at one position. */
interface Column {
  readonly radix: number;
  readonly codes: Uint16Array; // (itemCount)
}

function addUp(
  scores: Float32Array,
  columns: readonly Column[],
  { values, row }: { values: Values; row: number },
): void {
  columns.forEach(({ radix, codes }, level) => {
    const all = values[`logits${level}`] as Float32Array;
    const logits = all.subarray(row * radix, (row + 1) * radix);
    const total = logSumExp(logits, 0, radix);
    for (let item = 0; item < scores.length; item++)
      scores[item] = (scores[item] as number) + (logits[codes[item] as number] as number) - total;
  });
}

function columnOf({ itemCount, levels, digits }: SemanticIds, level: number): Uint16Array {
  return Uint16Array.from({ length: itemCount }, (_, item) => digits[item * levels + level] as number);
}
