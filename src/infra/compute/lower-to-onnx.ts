import { type Values } from '../../domain/graph/compute.js';
import { type Graph, type Node, type Tensor, type TensorData } from '../../domain/graph/graph.js';
import { type OpName } from '../../domain/graph/op-attrs.js';
import { nth } from '../../domain/graph/op-rule.js';
import { schedule, sourcesOf } from '../../domain/graph/schedule.js';
import { type DType, sizeOf } from '../../domain/graph/shape.js';
import { type Lowering, lowerings } from './lowerings.js';
import { OnnxEmitter } from './onnx-emitter.js';
import { type ElementType, type OnnxModel } from './onnx-model.js';

/** Outside, integers are int32: Node fills and reads them many times faster than BigInt64Array. */
const outside: Record<DType, ElementType> = { f32: 'f32', i64: 'i32', bool: 'bool' };
const INT64 = 7;
const INT32 = 6;

/** The nodes that `outputs` need as an ONNX model; `baked` sources become constants of the model. */
export function lowerToOnnx(
  graph: Graph,
  outputs: readonly (readonly [string, Tensor])[],
  baked: Values = {},
): OnnxModel {
  const wanted = outputs.map(([, tensor]) => tensor);
  const nodes = schedule(graph, wanted);
  const used = new Set(wanted.map(({ id }) => id));
  for (const node of nodes) node.inputs.forEach(({ id }) => used.add(id));
  const onnx = new OnnxEmitter(used, poolLengths(nodes));
  for (const source of sourcesOf(graph, wanted)) addSource(onnx, source, baked[source.name]);
  for (const { tensor, data } of graph.constants.values()) if (used.has(tensor.id)) onnx.data(tensor, data);
  nameOutputs(onnx, outputs);
  for (const node of nodes) {
    if (node.op === 'stopGradient' && !onnx.isNamed(nth(node.outputs, 0))) {
      onnx.rename(nth(node.outputs, 0), onnx.nameOf(nth(node.inputs, 0)));
      continue;
    }
    const lower = lowerings[node.op] as unknown as Lowering<OpName>;
    const names = (tensors: readonly Tensor[]) => tensors.map((tensor) => onnx.nameOf(tensor));
    lower({ onnx, node, ins: names(node.inputs), outs: names(node.outputs) });
  }
  outputs.forEach(([, tensor], i) => finishOutput(onnx, nth(onnx.outputs, i).name, tensor));
  return onnx;
}

function addSource(onnx: OnnxEmitter, source: Tensor, data: TensorData | undefined): void {
  if (data) {
    if (data.length !== sizeOf(source.shape)) throw new Error(`${source.name} got ${data.length} numbers`);
    onnx.data(source, data);
    return;
  }
  onnx.inputs.push({ name: source.name, type: outside[source.dtype], dims: source.shape });
  if (source.dtype === 'i64') onnx.node('Cast', [source.name], { to: INT64 }, [onnx.nameOf(source)]);
  else onnx.rename(source, source.name);
}

/** Results carry their public name from the start; ONNX wants it to differ from the inputs' names. */
function nameOutputs(onnx: OnnxEmitter, outputs: readonly (readonly [string, Tensor])[]): void {
  const taken = new Set(onnx.inputs.map(({ name }) => name));
  for (const [asked, tensor] of outputs) {
    const name = taken.has(asked) ? `next ${asked}` : asked;
    onnx.outputs.push({ name, type: outside[tensor.dtype], dims: tensor.shape });
    const isResult = tensor.graph.producers.has(tensor.id) && tensor.dtype !== 'i64';
    if (isResult && !onnx.isNamed(tensor)) onnx.rename(tensor, name);
  }
}

/** What is an input, a constant, an integer or a result under a second name needs a node of its own to go out. */
function finishOutput(onnx: OnnxEmitter, name: string, tensor: Tensor): void {
  if (tensor.dtype === 'i64') onnx.node('Cast', [onnx.nameOf(tensor)], { to: INT32 }, [name]);
  else if (onnx.nameOf(tensor) !== name) onnx.node('Identity', [onnx.nameOf(tensor)], {}, [name]);
}

/** The largest mask of each dropout rate: what its pool must hold beyond the last start. */
function poolLengths(nodes: readonly Node[]): Map<number, number> {
  const lengths = new Map<number, number>();
  for (const node of nodes) {
    if (node.op !== 'dropoutMask') continue;
    const { rate, shape } = (node as unknown as Node<'dropoutMask'>).attrs;
    lengths.set(rate, Math.max(lengths.get(rate) ?? 0, sizeOf(shape)));
  }
  return lengths;
}
