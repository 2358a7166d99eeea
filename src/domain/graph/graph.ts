import { type OpAttrs, type OpName } from './op-attrs.js';
import { type DType, sameShape, type Shape, sizeOf } from './shape.js';

/** What a tensor holds outside the graph: `i64` travels as Int32Array (ids fit, and Node fills it fast), `bool` as 0 and 1. */
export type TensorData = Float32Array | Int32Array | Uint8Array;

export interface TensorSpec {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A value of the graph: a name for something computed later, with a shape known now. */
export interface Tensor extends TensorSpec {
  readonly id: number;
  readonly name: string;
  readonly graph: Graph;
}

/** How a parameter starts. Draws depend on the seed and the parameter's name only, never on the order of creation. */
export type Init =
  | { kind: 'zeros' }
  | { kind: 'ones' }
  | { kind: 'normal'; std: number }
  | { kind: 'uniform'; bound: number }
  | { kind: 'values'; values: Float32Array };

export interface Parameter {
  readonly tensor: Tensor;
  readonly init: Init;
  /** Weight decay applies to matrices, not to gains, shifts and biases. */
  readonly decay: boolean;
}

export interface Node<N extends OpName = OpName> {
  readonly op: N;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly attrs: OpAttrs[N];
}

export interface Constant {
  readonly tensor: Tensor;
  readonly data: TensorData;
}

/**
 * A static-shape tensor program. Nodes are only appended, shapes are numbers, and nothing runs here: a `Compute` compiles the
 * graph. Build one graph per batch shape; parameters are shared between graphs by their name.
 */
export class Graph {
  readonly inputs = new Map<string, Tensor>();
  readonly parameters = new Map<string, Parameter>();
  readonly outputs = new Map<string, Tensor>();
  readonly constants = new Map<number, Constant>();
  /** Which node makes a tensor; inputs, parameters and constants have none. */
  readonly producers = new Map<number, Node>();
  private readonly scalars = new Map<string, Tensor>();
  private nextId = 0;
  private prefix = '';
  private dropoutSites = 0;

  input(name: string, shape: Shape, dtype: DType = 'f32'): Tensor {
    const known = this.inputs.get(name);
    if (known) return this.sameSpec(known, shape, dtype);
    const tensor = this.tensor({ shape, dtype }, name);
    this.inputs.set(name, tensor);
    return tensor;
  }

  /** Parameters made in `build` carry the prefix: two models with the same names stand side by side in one graph. */
  within<T>(prefix: string, build: () => T): T {
    const outer = this.prefix;
    this.prefix = outer + prefix;
    try {
      return build();
    } finally {
      this.prefix = outer;
    }
  }

  /** Asking twice for one name gives the same tensor: that is how weights are tied. */
  parameter(given: string, shape: Shape, init: Init, decay = shape.length > 1): Tensor {
    const name = this.prefix + given;
    const known = this.parameters.get(name);
    if (known) return this.sameSpec(known.tensor, shape, 'f32');
    const tensor = this.tensor({ shape, dtype: 'f32' }, name);
    this.parameters.set(name, { tensor, init, decay });
    return tensor;
  }

  constant(data: TensorData, shape: Shape = [data.length]): Tensor {
    if (sizeOf(shape) !== data.length)
      throw new Error(`a constant of ${shape.join('x')} got ${data.length} values`);
    const tensor = this.tensor({ shape, dtype: dtypeOf(data) });
    this.constants.set(tensor.id, { tensor, data });
    return tensor;
  }

  scalar(value: number, dtype: 'f32' | 'i64' = 'f32'): Tensor {
    const key = `${dtype} ${value}`;
    const known = this.scalars.get(key);
    if (known) return known;
    const tensor = this.constant(dtype === 'f32' ? Float32Array.of(value) : Int32Array.of(value), []);
    this.scalars.set(key, tensor);
    return tensor;
  }

  output(name: string, tensor: Tensor): Tensor {
    this.outputs.set(name, tensor);
    return tensor;
  }

  apply<N extends OpName>(
    op: N,
    inputs: readonly Tensor[],
    attrs: OpAttrs[N],
    specs: readonly TensorSpec[],
  ): Tensor[] {
    if (inputs.some((t) => t.graph !== this)) throw new Error(`${op} got a tensor of another graph`);
    const outputs = specs.map((spec) => this.tensor(spec));
    const node: Node<N> = { op, inputs, outputs, attrs };
    for (const output of outputs) this.producers.set(output.id, node);
    return outputs;
  }

  /** Makes a parameter (or input) the result of other nodes; the optimiser cuts parameters out of one flat state this way. */
  bind(source: Tensor, value: Tensor): void {
    if (!sameShape(source.shape, value.shape)) throw new Error(`cannot bind ${source.name} to another shape`);
    this.producers.set(source.id, { op: 'stopGradient', inputs: [value], outputs: [source], attrs: {} });
  }

  /** Makes a parameter the result of other nodes, through which its gradient flows on: adapters stand in for a matrix this way. */
  derive(parameter: Tensor, value: Tensor): void {
    if (!sameShape(parameter.shape, value.shape))
      throw new Error(`cannot derive ${parameter.name} from another shape`);
    this.producers.set(parameter.id, { op: 'reshape', inputs: [value], outputs: [parameter], attrs: {} });
  }

  /** Numbers the dropout places of a graph, so that each draws its own mask. */
  nextDropoutSite(): number {
    return this.dropoutSites++;
  }

  private tensor(spec: TensorSpec, name?: string): Tensor {
    if (spec.shape.some((n) => !Number.isInteger(n) || n < 0))
      throw new Error(`bad shape ${spec.shape.join('x')}`);
    const id = this.nextId++;
    return { id, name: name ?? `t${id}`, shape: spec.shape, dtype: spec.dtype, graph: this };
  }

  private sameSpec(known: Tensor, shape: Shape, dtype: DType): Tensor {
    if (known.dtype === dtype && sameShape(known.shape, shape)) return known;
    throw new Error(`${known.name} is ${known.shape.join('x')}, asked for ${shape.join('x')} ${dtype}`);
  }
}

function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return 'f32';
  return data instanceof Int32Array ? 'i64' : 'bool';
}
