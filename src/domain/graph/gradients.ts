import { type Graph, type Node, type Tensor } from './graph.js';
import { nth, type OpRule } from './op-rule.js';
import { opRules } from './op-rules.js';
import { add } from './ops/elementwise.js';
import { scatterRowsAdd, scatterElementsAdd } from './ops/indexing.js';
import { zeros } from './ops/shaping.js';
import { schedule } from './schedule.js';

/** d loss / d wrt, as more nodes of the same graph: reverse mode, one backward rule per node. `loss` is a scalar. */
export function gradients(graph: Graph, loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  if (loss.shape.length !== 0) throw new Error(`a loss is a scalar, got ${loss.shape.join('x')}`);
  const order = schedule(graph, [loss]);
  const active = dependants(order, wrt);
  const gradient = new Map<number, Tensor>([[loss.id, graph.scalar(1)]]);
  for (const node of order.reverse()) {
    if (!node.outputs.some(({ id }) => active.has(id) && gradient.has(id))) continue;
    const rule = opRules[node.op] as unknown as OpRule<typeof node.op>;
    const dInputs = rule.backward(
      node,
      node.outputs.map(({ id }) => gradient.get(id)),
    );
    node.inputs.forEach((input, i) => {
      const d = dInputs[i];
      if (!d || !active.has(input.id)) return;
      const known = gradient.get(input.id);
      gradient.set(input.id, known ? accumulate(known, d) : d);
    });
  }
  return wrt.map((tensor) => gradient.get(tensor.id) ?? zeros(tensor));
}

/** Everything between the sources and the loss; the rest needs no gradient. */
function dependants(order: readonly Node[], wrt: readonly Tensor[]): Set<number> {
  const active = new Set(wrt.map(({ id }) => id));
  for (const { op, inputs, outputs } of order) {
    if (op !== 'stopGradient' && inputs.some(({ id }) => active.has(id)))
      outputs.forEach(({ id }) => active.add(id));
  }
  return active;
}

/** a + b; where one is a scatter into zeros, it scatters into the other instead: no second table is made and added. */
function accumulate(a: Tensor, b: Tensor): Tensor {
  return scatterInto(a, b) ?? scatterInto(b, a) ?? add(a, b);
}

function scatterInto(data: Tensor, scattered: Tensor): Tensor | undefined {
  const node = scattered.graph.producers.get(scattered.id);
  if (!node || (node.op !== 'scatterRowsAdd' && node.op !== 'scatterElementsAdd')) return undefined;
  const [into, indices, updates] = [nth(node.inputs, 0), nth(node.inputs, 1), nth(node.inputs, 2)];
  const filler = into.graph.producers.get(into.id);
  if (filler?.op !== 'expand' || !isZero(nth(filler.inputs, 0))) return undefined;
  if (node.op === 'scatterRowsAdd') return scatterRowsAdd(data, indices, updates);
  return scatterElementsAdd(data, indices, updates, (node.attrs as { axis: number }).axis);
}

function isZero(tensor: Tensor): boolean {
  const constant = tensor.graph.constants.get(tensor.id);
  return constant?.data.length === 1 && constant.data[0] === 0;
}
