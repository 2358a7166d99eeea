import type { Compute, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import { nodesAt, type Trie } from '../semantic-ids/trie.js';
import { type DecoderConfig, prefixEffect } from './depth-decoder.js';

/** Which nodes of each level of a tree of codes are wanted, see `CodeChoices`. */
export interface WantedNodes {
  readonly trie: Trie;
  /** nodes[l]: nodes of level l + 1. */
  readonly nodes: readonly Int32Array[];
}

/**
 * One matrix (width + 1, nodes) per level: for each wanted node of the trie the column (1 + scale(prefix)) ⊙ ê and, last, the constant
 * shift(prefix) · ê. With the query (q, 1) an inner product is the logit of stepping to that node. Nodes lie along the rows because
 * one query times such a table takes 2 ms for 200,000 nodes, and 14 ms the other way round.
 */
export async function codeNodes(
  compute: Pick<Compute, 'compile'>,
  { decoder, weights }: { readonly decoder: DecoderConfig; readonly weights: Values },
  { trie, nodes }: WantedNodes,
): Promise<Float32Array[]> {
  const levels: Float32Array[] = [];
  for (const [level, wanted] of nodes.entries()) {
    const asksPrefix = level > 0 && wanted.length > 0;
    const effect = asksPrefix ? await effects(compute, decoder, { weights, trie, level }) : null;
    levels.push(levelVectors(decoder, { weights, trie, level, wanted }, effect));
  }
  return levels;
}

interface Level {
  readonly weights: Values;
  readonly trie: Trie;
  readonly level: number;
}

interface Effects {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/** Scale and shift of every prefix with `level` digits. */
async function effects(
  compute: Pick<Compute, 'compile'>,
  config: DecoderConfig,
  { weights, trie, level }: Level,
): Promise<Effects> {
  const nodes = nodesAt(trie, level);
  const graph = new Graph();
  const digits = Array.from({ length: level }, (_, l) => graph.input(`digit${l}`, [nodes], 'i64'));
  const { scale, shift } = prefixEffect(digits, config, false);
  graph.output('scale', scale);
  graph.output('shift', shift);
  const executable = await compute.compile(graph);
  const out = await executable.run({ ...weights, ...prefixDigits(trie, level) });
  await executable.dispose();
  return { scale: out['scale'] as Float32Array, shift: out['shift'] as Float32Array };
}

/** The digits on the way to each node of a level. */
function prefixDigits(trie: Trie, level: number): Values {
  let node = Int32Array.from({ length: nodesAt(trie, level) }, (_, n) => n);
  const feeds: Values = {};
  for (let l = level - 1; l >= 0; l--) {
    const [digit, parent] = [trie.digit[l] as Uint16Array, trie.parent[l] as Int32Array];
    feeds[`digit${l}`] = Int32Array.from(node, (n) => digit[n] as number);
    node = Int32Array.from(node, (n) => parent[n] as number);
  }
  return feeds;
}

function levelVectors(
  { width }: DecoderConfig,
  { weights, trie, level, wanted }: Level & { readonly wanted: Int32Array },
  effect: Effects | null,
): Float32Array {
  const codes = normaliseRows((weights[`decoder.code${level}.weight`] as Float32Array).slice(), width);
  const [digit, parent] = [trie.digit[level] as Uint16Array, trie.parent[level] as Int32Array];
  const count = wanted.length;
  const out = new Float32Array((width + 1) * count);
  const constants = out.subarray(width * count);
  for (let c = 0; c < width; c++) {
    const row = out.subarray(c * count, (c + 1) * count);
    for (let place = 0; place < count; place++) {
      const node = wanted[place] as number;
      const e = codes[(digit[node] as number) * width + c] as number;
      const above = (parent[node] as number) * width + c;
      row[place] = e * (1 + (effect?.scale[above] ?? 0));
      constants[place] = (constants[place] as number) + e * (effect?.shift[above] ?? 0);
    }
  }
  return out;
}
