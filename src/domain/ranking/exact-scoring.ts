import { nodesAt, type Trie } from '../semantic-ids/trie.js';

/**
 * log p(item) = Σ_l log p(digit_l | digits before it) for the whole catalogue: one softmax per group of siblings.
 * `logits[l]` holds one number per node of level l + 1. The oracle for beam search, and faster than it below about 100,000 items.
 */
export function exactLogProbs(trie: Trie, logits: readonly Float32Array[]): Float32Array {
  let above: Float32Array = new Float32Array(1);
  for (let level = 0; level < trie.levels; level++) {
    above = addSiblingLogProbs(trie.start[level] as Int32Array, logits[level] as Float32Array, above);
  }
  const scores = new Float32Array(trie.leaves.length).fill(-Infinity);
  for (let leaf = 0; leaf < nodesAt(trie, trie.levels); leaf++) {
    scores[trie.items[leaf] as number] = above[leaf] as number;
  }
  return scores;
}

function addSiblingLogProbs(start: Int32Array, logits: Float32Array, above: Float32Array): Float32Array {
  const out = new Float32Array(logits.length);
  for (let node = 0; node < above.length; node++) {
    const [from, to] = [start[node] as number, start[node + 1] as number];
    if (to === from + 1) {
      out[from] = above[node] as number; // an only child is certain: so are most of the last levels
      continue;
    }
    const shift = (above[node] as number) - logSumExp(logits, from, to);
    for (let child = from; child < to; child++) out[child] = (logits[child] as number) + shift;
  }
  return out;
}

/** log Σ e^x over x[from .. to), without overflow. */
export function logSumExp(x: Float32Array, from: number, to: number): number {
  if (to - from === 1) return x[from] as number;
  let max = -Infinity;
  for (let i = from; i < to; i++) if ((x[i] as number) > max) max = x[i] as number;
  let sum = 0;
  for (let i = from; i < to; i++) sum += Math.exp((x[i] as number) - max);
  return max + Math.log(sum);
}
