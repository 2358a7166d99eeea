import { type Compute, type Values } from '../graph/compute.js';
import { type Graph, type Tensor } from '../graph/graph.js';
import { matmul } from '../graph/ops/matmul.js';
import { concat, expand } from '../graph/ops/shaping.js';
import { nth } from '../graph/op-rule.js';
import type { CodeChoices } from './code-choices.js';
import type { CodeModel } from './code-model.js';
import { codeNodes, type WantedNodes } from './code-nodes.js';
import { codeEndStates } from './code-trunk.js';
import { levelQuery } from './depth-decoder.js';
import type { RunShape } from './packed-runner.js';

/** Parameters of `choiceLogits` beside the model's own: 520 bytes a choice at width 128. */
export async function choiceTables(
  compute: Pick<Compute, 'compile'>,
  model: CodeModel,
  wanted: WantedNodes,
): Promise<Values> {
  const tables = await codeNodes(compute, model, wanted);
  return Object.fromEntries(tables.map((table, level) => [tableOf(level), table]));
}

/** items, digits, positions, segments, ends -> the logits of each level's choices (most, choices); null for a level without any. */
export function choiceLogits(
  graph: Graph,
  { model, choices }: { readonly model: CodeModel; readonly choices: CodeChoices },
  shape: RunShape,
): (Tensor | null)[] {
  const one = expand(graph.scalar(1), [shape.most, 1]);
  return levelQueries(graph, model, shape).map((query, level) => {
    const count = nth(choices.nodes, level).length;
    if (count === 0) return null;
    const table = graph.parameter(tableOf(level), [model.decoder.width + 1, count], { kind: 'zeros' });
    return matmul(concat([query, one], 1), table);
  });
}

/** The same inputs -> one query per level (most, width). */
export function levelQueries(graph: Graph, { config, decoder }: CodeModel, shape: RunShape): Tensor[] {
  const states = codeEndStates(graph, { config, radix: decoder.radix }, shape); // (most, width)
  return decoder.radix.map((_, level) => levelQuery(states, level, { ...decoder, isTraining: false }));
}

const tableOf = (level: number) => `choices${level}`;
