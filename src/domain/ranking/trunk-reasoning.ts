import type { Tensor } from '../graph/graph.js';
import { type Attend, attend } from '../graph/layers/attention.js';
import { linear } from '../graph/layers/linear.js';
import { attendRecalled, type KeysAndValues } from '../graph/layers/recalled-attention.js';
import { add, cast, mul } from '../graph/ops/elementwise.js';
import { gatherRows } from '../graph/ops/indexing.js';
import { nth } from '../graph/op-rule.js';
import { reshape, transpose } from '../graph/ops/shaping.js';

/** How the trunk thinks on before it answers. */
export interface Reasoning {
  readonly steps: number;
  /** `steps`: the answer is the mean of all states; `residual`: each step corrects the one before. */
  readonly kind: 'steps' | 'residual';
}

/** The trunk's own weights, to be used again in each step. */
export interface Thinker {
  /** Keys and values of the first pass, by block. */
  readonly kept: KeysAndValues[];
  block(x: Tensor, index: number, options: { bias: Tensor; attend?: Attend }): Tensor;
  norm(x: Tensor): Tensor;
}

/** Ordinary attention that leaves its keys and values behind. */
export function keeping(kept: KeysAndValues[]): Attend {
  return (heads, options) => {
    kept.push({ k: heads[1], v: heads[2] });
    return attend(heads, options);
  };
}

interface Asked {
  /** (rows, length, width), after the last norm. */
  readonly states: Tensor;
  readonly bias: Tensor;
  readonly ends?: Tensor | undefined;
  /** Is given what stood before the answer: h_0..h_k with `steps`, all but the last correction with `residual`; (tokens, width) each. */
  readonly thoughts?: Tensor[] | undefined;
}

/**
 * Latent reasoning (ReaRec, Tang et al. 2025): the last state, plus a vector of the step, goes through the blocks again as a new token
 * that sees the history and the earlier thoughts: x_r = h_(r-1) + e_r. `steps` answers with the mean of h_0..h_k (its ensemble);
 * `residual` with h_0 + Σ W h_r, each step adding what the others missed (after STREAM-Rec, 2025), W = 0 at the start. In training all
 * positions think, each alone; when serving only the `ends`. -> (tokens, width)
 */
export function reason(asked: Asked, thinker: Thinker, { steps, kind }: Reasoning): Tensor {
  const { states, bias, past } = asked.ends
    ? askedAt(asked, asked.ends, thinker.kept)
    : everywhere(asked, thinker);
  const width = nth(states.shape, 2);
  const places = states.graph.parameter('reasoning.weight', [steps, width], { kind: 'normal', std: 0.02 });
  const own = past.map(() => [] as KeysAndValues[]);
  const flat = (x: Tensor) => reshape(x, [-1, width]);
  const before = [flat(states)];
  let [state, sum] = [states, states];
  for (let step = 0; step < steps; step++) {
    const place = gatherRows(places, states.graph.constant(Int32Array.of(step))); // (1, width)
    let x = add(state, mul(place, Math.sqrt(width)));
    past.forEach((kept, b) => {
      x = thinker.block(x, b, { bias, attend: recalling(kept, own[b] as KeysAndValues[]) });
    });
    const thought = thinker.norm(x);
    state = kind === 'residual' ? add(state, linear(thought, 'reasoning.out', width, { std: 0 })) : thought;
    sum = add(sum, state);
    before.push(flat(state));
  }
  asked.thoughts?.push(...(kind === 'residual' ? before.slice(0, -1) : before));
  return flat(kind === 'residual' ? state : mul(sum, 1 / (steps + 1)));
}

function recalling(past: KeysAndValues, own: KeysAndValues[]): Attend {
  return (heads, options) => {
    const y = attendRecalled(heads, options, { past, own });
    own.push({ k: heads[1], v: heads[2] });
    return y;
  };
}

const everywhere = ({ states, bias }: Asked, { kept }: Thinker) => ({ states, bias, past: kept });

/** One query per end, each with the keys of its row: states (most, 1, width), bias (most, 1 or heads, 1, length). */
function askedAt({ states, bias }: Asked, ends: Tensor, kept: readonly KeysAndValues[]) {
  const [rows, length, width] = states.shape as [number, number, number];
  const [most, heads] = [nth(ends.shape, 0), nth(bias.shape, 1)];
  const row = cast(mul(add(cast(ends, 'f32'), 0.5), 1 / length), 'i64'); // ends / length, as whole numbers; exact below 2^23
  const byToken = reshape(transpose(bias, [0, 2, 1, 3]), [rows * length, heads, length]);
  return {
    states: reshape(gatherRows(reshape(states, [rows * length, width]), ends), [most, 1, width]),
    bias: reshape(gatherRows(byToken, ends), [most, heads, 1, length]),
    past: kept.map(({ k, v }) => ({ k: gatherRows(k, row), v: gatherRows(v, row) })),
  };
}
