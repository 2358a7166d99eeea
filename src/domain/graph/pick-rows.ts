import { type Node, type Tensor, type TensorSpec } from './graph.js';
import { type OpAttrs, type OpName } from './op-attrs.js';
import { nth } from './op-rule.js';
import { gatherRows } from './ops/indexing.js';
import { reshape } from './ops/shaping.js';
import { type Shape } from './shape.js';

/** Ops whose every output row follows from the same row of their inputs; rows run along all axes but the last. */
const ROW_WISE: ReadonlySet<OpName> = new Set<OpName>([
  ...(['add', 'sub', 'mul', 'div', 'maximum', 'minimum'] as const),
  ...(['neg', 'exp', 'log', 'sqrt', 'pow', 'sin', 'cos', 'erf', 'relu', 'sigmoid', 'tanh'] as const),
  ...(['gelu', 'silu', 'softmax', 'logSoftmax', 'layerNorm'] as const),
]);

/**
 * The same as `gatherRows` of a flat tensor (n, d) by `indices` (m), but the rows are picked as early as they can be: f(x)[i] = f(x[i])
 * for what works row by row, so that only the rows that are asked for go through it. A transformer's last block then computes its
 * inner layer for one token of a history instead of 50, which is three quarters of the block.
 */
export function pickRows(flat: Tensor, indices: Tensor): Tensor {
  return new Picker(indices).pick(flat);
}

/** Keeps what was picked once, because branches meet again: x + f(x) reads x twice. */
class Picker {
  private readonly picked = new Map<number, Tensor>();

  constructor(private readonly indices: Tensor) {}

  /** Rows of a tensor of any rank >= 2, as (m, last axis). */
  pick(x: Tensor): Tensor {
    const known = this.picked.get(x.id);
    if (known) return known;
    const node = x.graph.producers.get(x.id);
    const made = (node && this.through(node, x)) ?? gatherRows(reshape(x, [-1, widthOf(x)]), this.indices);
    this.picked.set(x.id, made);
    return made;
  }

  /** The op over picked rows; undefined where an op mixes rows, or reads something that is neither by row nor the same for all. */
  private through(node: Node, x: Tensor): Tensor | undefined {
    const input = node.inputs[0];
    if (node.op === 'reshape' && input && widthOf(input) === widthOf(x)) return this.pick(input);
    const isProduct = isRowProduct(node);
    if (!isProduct && !ROW_WISE.has(node.op) && !isColumnSplit(node)) return undefined;
    const rows = rowsOf(x.shape);
    const shared = (one: Tensor) => rowsOf(one.shape) === 1 && one.shape.length <= 1;
    const ofRow = (one: Tensor) => rowsOf(one.shape) === rows && one.shape.length === x.shape.length;
    const isWeight = (one: Tensor) => isProduct && one === node.inputs[1];
    if (!node.inputs.every((one) => isWeight(one) || shared(one) || ofRow(one))) return undefined;
    const inputs = node.inputs.map((one) => (isWeight(one) || shared(one) ? one : this.pick(one)));
    const attrs = node.op === 'split' ? { axis: 1 } : node.attrs;
    const specs = node.outputs.map((one) => this.spec(one));
    const outputs = x.graph.apply<OpName>(node.op, inputs, attrs, specs);
    return nth(outputs, node.outputs.indexOf(x));
  }

  private spec({ shape, dtype }: Tensor): TensorSpec {
    return { shape: [nth(this.indices.shape, 0), nth(shape, shape.length - 1)], dtype };
  }
}

/** x W with one matrix for all rows. */
function isRowProduct({ op, inputs, attrs }: Node): boolean {
  return op === 'matmul' && nth(inputs, 1).shape.length === 2 && !(attrs as OpAttrs['matmul']).transA;
}

function isColumnSplit({ op, inputs, attrs }: Node): boolean {
  return op === 'split' && (attrs as OpAttrs['split']).axis === nth(inputs, 0).shape.length - 1;
}

const widthOf = ({ shape }: Tensor): number => nth(shape, shape.length - 1);

function rowsOf(shape: Shape): number {
  return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}
