import { type Tensor } from '../graph.js';
import { nth } from '../op-rule.js';
import { dropout } from '../ops/dropout.js';
import { add } from '../ops/elementwise.js';
import { type Attend, selfAttention } from './attention.js';
import { mlp, type Activation } from './mlp.js';
import { layerNormOf } from './norm.js';

export interface BlockOptions {
  heads: number;
  /** Added to the attention scores: see `causalBias` and `paddingBias`. */
  bias?: Tensor | undefined;
  dropout?: number | undefined;
  attentionDropout?: number | undefined;
  /** Width of the inner layer as a multiple of d; 4 when left out. */
  expansion?: number | undefined;
  activation?: Activation | undefined;
  attend?: Attend | undefined;
}

/** Pre-norm transformer block: x + attention(norm x), then x + mlp(norm x) (Xiong et al. 2020). */
export function transformerBlock(x: Tensor, name: string, options: BlockOptions): Tensor {
  const rate = options.dropout ?? 0;
  const width = nth(x.shape, 2);
  const attended = selfAttention(layerNormOf(x, `${name}.norm1`), `${name}.attention`, {
    heads: options.heads,
    bias: options.bias,
    dropout: options.attentionDropout,
    attend: options.attend,
  });
  const h = add(x, dropout(attended, rate));
  const inner = mlp(layerNormOf(h, `${name}.norm2`), `${name}.mlp`, {
    hidden: width * (options.expansion ?? 4),
    activation: options.activation,
    dropout: rate,
  });
  return add(h, dropout(inner, rate));
}
