import { type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { dropout } from '../ops/dropout.js';
import { add, mul } from '../ops/elementwise.js';
import { sigmoid, silu } from '../ops/functions.js';
import { split } from '../ops/shaping.js';
import { attend, type AttentionOptions, pointwiseWeights, selfAttention, splitHeads } from './attention.js';
import { linear } from './linear.js';
import { mlp } from './mlp.js';
import { layerNormOf } from './norm.js';
import { type BlockOptions } from './transformer-block.js';

/**
 * LiGR (Borisyuk et al. 2025): both residual branches pass a learned gate, x + σ(x W) ⊙ branch(norm x). Keeps deep stacks from
 * collapsing, and lets a layer say nothing.
 */
export function gatedBlock(x: Tensor, name: string, options: BlockOptions): Tensor {
  const rate = options.dropout ?? 0;
  const width = nth(x.shape, 2);
  const gated = (from: Tensor, branch: Tensor, gate: string) =>
    add(from, mul(sigmoid(linear(from, `${name}.${gate}`, width)), dropout(branch, rate)));
  const attended = selfAttention(layerNormOf(x, `${name}.norm1`), `${name}.attention`, {
    heads: options.heads,
    bias: options.bias,
    dropout: options.attentionDropout,
    attend: options.attend,
  });
  const h = gated(x, attended, 'gate1');
  const inner = mlp(layerNormOf(h, `${name}.norm2`), `${name}.mlp`, {
    hidden: width * (options.expansion ?? 4),
    activation: options.activation,
    dropout: rate,
  });
  return gated(h, inner, 'gate2');
}

type Weighing = Pick<AttentionOptions, 'weigh'>;

/**
 * HSTU-style (Zhai et al. 2024): one product gives u, q, k, v; attention(q, k) v is normalised and gated by u, which replaces the
 * inner layer: about half the weights of a transformer block. Softmax attention, as short histories need it.
 */
export function hstuBlock(x: Tensor, name: string, options: BlockOptions & Weighing): Tensor {
  const width = nth(x.shape, 2);
  const projected = silu(linear(layerNormOf(x, `${name}.norm1`), `${name}.uqkv`, 4 * width));
  const [u, q, k, v] = split(projected, 4) as [Tensor, Tensor, Tensor, Tensor];
  const heads = (part: Tensor) => splitHeads(part, options.heads);
  const attended = (options.attend ?? attend)([heads(q), heads(k), heads(v)], {
    ...options,
    dropout: options.attentionDropout,
  });
  const gated = dropout(mul(layerNormOf(attended, `${name}.norm2`), u), options.dropout ?? 0);
  return add(x, linear(gated, `${name}.out`, width));
}

/** The same with the paper's own attention: SiLU instead of softmax. */
export function hstuPointwiseBlock(x: Tensor, name: string, options: BlockOptions): Tensor {
  return hstuBlock(x, name, { ...options, weigh: pointwiseWeights });
}
