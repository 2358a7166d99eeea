import { type Tensor, type TensorData } from '../../domain/graph/graph.js';
import {
  type ElementType,
  type OnnxAttribute,
  type OnnxInitializer,
  type OnnxNode,
  type OnnxValue,
} from './onnx-model.js';

type Attributes = Readonly<Record<string, OnnxAttribute>>;

/** Collects the nodes and constants of one model. Names of our tensors are `t<id>`; helper values get `h<n>`. */
export class OnnxEmitter {
  readonly nodes: OnnxNode[] = [];
  readonly inputs: OnnxValue[] = [];
  readonly outputs: OnnxValue[] = [];
  private readonly constants = new Map<string, OnnxInitializer>();
  private readonly names = new Map<number, string>();
  private helpers = 0;

  /** `used`: ids of tensors that somebody reads; others need not be computed. `poolLengths`: largest mask per dropout rate. */
  constructor(
    readonly used: ReadonlySet<number>,
    readonly poolLengths: ReadonlyMap<number, number>,
  ) {}

  get initializers(): OnnxInitializer[] {
    return [...this.constants.values()];
  }

  nameOf(tensor: Tensor): string {
    return this.names.get(tensor.id) ?? `t${tensor.id}`;
  }

  isNamed(tensor: Tensor): boolean {
    return this.names.has(tensor.id);
  }

  rename(tensor: Tensor, name: string): void {
    this.names.set(tensor.id, name);
  }

  /** Adds a node and names its first output. */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Attributes = {},
    outputs?: readonly string[],
  ): string {
    const results = outputs ?? [`h${this.helpers++}`];
    this.nodes.push({ opType, inputs, outputs: results, attributes });
    return results[0] ?? '';
  }

  ints(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const bytes = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    return this.share(`ints ${dims.join('x')}: ${values.join(',')}`, { type: 'i64', dims, bytes });
  }

  float(value: number): string {
    return this.share(`float ${value}`, { type: 'f32', dims: [], bytes: bytesOf(Float32Array.of(value)) });
  }

  /** One constant per key, however often it is asked for. */
  shared(key: string, make: () => Float32Array): string {
    const known = this.constants.get(key);
    if (known) return known.name;
    const data = make();
    return this.share(key, { type: 'f32', dims: [data.length], bytes: bytesOf(data) });
  }

  data(tensor: Tensor, data: TensorData): void {
    const name = this.nameOf(tensor);
    const type: ElementType = tensor.dtype;
    const bytes = data instanceof Int32Array ? bytesOf(BigInt64Array.from(data, BigInt)) : bytesOf(data);
    this.constants.set(name, { name, type, dims: tensor.shape, bytes });
  }

  private share(key: string, value: Omit<OnnxInitializer, 'name'>): string {
    const known = this.constants.get(key);
    const constant = known ?? { ...value, name: `c${this.constants.size}` };
    this.constants.set(key, constant);
    return constant.name;
  }
}

const bytesOf = (data: TensorData | BigInt64Array) =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
