import { type Values } from '../../domain/graph/compute.js';
import { type Graph, type Node, type Tensor, type TensorData } from '../../domain/graph/graph.js';
import { type OpName } from '../../domain/graph/op-attrs.js';
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
  for (const node of nodes) {
    const lower = lowerings[node.op] as unknown as Lowering<OpName>;
    const names = (tensors: readonly Tensor[]) => tensors.map((tensor) => onnx.nameOf(tensor));
    lower({ onnx, node, ins: names(node.inputs), outs: names(node.outputs) });
  }
  for (const [name, tensor] of outputs) addOutput(onnx, name, tensor);
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

/** Outputs get their public name, so one tensor may go out under two names; ONNX wants it to differ from the inputs' names. */
function addOutput(onnx: OnnxEmitter, asked: string, tensor: Tensor): void {
  const name = onnx.inputs.some((input) => input.name === asked) ? `next ${asked}` : asked;
  onnx.outputs.push({ name, type: outside[tensor.dtype], dims: tensor.shape });
  if (tensor.dtype === 'i64') onnx.node('Cast', [onnx.nameOf(tensor)], { to: INT32 }, [name]);
  else onnx.node('Identity', [onnx.nameOf(tensor)], {}, [name]);
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
