import { type CompileOptions, type Executable, type Port, type Values } from './compute.js';
import { type Graph, type Tensor, type TensorData } from './graph.js';
import { nth, type Numbers, type OpRule } from './op-rule.js';
import { opRules } from './op-rules.js';
import { schedule, sourcesOf } from './schedule.js';
import { type DType, sizeOf } from './shape.js';

export type Feeds = Readonly<Record<string, ArrayLike<number>>>;

/** Computes tensors by each op's plain loops in double precision: slow, and what every faster way is held to. */
export function interpret(graph: Graph, wanted: readonly Tensor[], feeds: Feeds): Numbers[] {
  const values = new Map<number, Numbers>();
  for (const { tensor, data } of graph.constants.values()) values.set(tensor.id, Float64Array.from(data));
  for (const source of sourcesOf(graph, wanted)) values.set(source.id, feedOf(source, feeds));
  const valueOf = (tensor: Tensor) => {
    const value = values.get(tensor.id);
    if (!value) throw new Error(`${tensor.name} was not computed`);
    return value;
  };
  for (const node of schedule(graph, wanted)) {
    const rule = opRules[node.op] as unknown as OpRule<typeof node.op>;
    const results = rule.evaluate(node, node.inputs.map(valueOf));
    node.outputs.forEach((output, i) => values.set(output.id, nth(results, i)));
  }
  return wanted.map(valueOf);
}

function feedOf({ name, shape }: Tensor, feeds: Feeds): Numbers {
  const feed = feeds[name];
  if (feed?.length !== sizeOf(shape))
    throw new Error(`${name} wants ${sizeOf(shape)} numbers, got ${feed?.length ?? 'none'}`);
  return Float64Array.from(feed);
}

/** The interpreter behind the `Compute` port's executable, for tests of what is built on the port. */
export function interpreted(graph: Graph, options: CompileOptions = {}): Executable {
  const wanted = namedOutputs(graph, options.outputs);
  const tensors = wanted.map(([, tensor]) => tensor);
  const { constants = {} } = options;
  const run = (feeds: Values, into: Values = {}): Values => {
    const results = interpret(graph, tensors, { ...feeds, ...constants });
    return Object.fromEntries(
      wanted.map(([name, { dtype }], i) => [
        name,
        store(nth(results, i), into[name] ?? emptyData(dtype, nth(results, i).length)),
      ]),
    );
  };
  return {
    inputs: sourcesOf(graph, tensors)
      .filter(({ name }) => constants[name] === undefined)
      .map((tensor) => portOf(tensor.name, tensor)),
    outputs: wanted.map(([name, tensor]) => portOf(name, tensor)),
    run: (feeds, into) => Promise.resolve().then(() => run(feeds, into)),
    dispose: () => Promise.resolve(),
  };
}

/** The outputs asked for by name, in that order. */
export function namedOutputs(
  graph: Graph,
  names: readonly string[] = [...graph.outputs.keys()],
): [string, Tensor][] {
  return names.map((name) => {
    const tensor = graph.outputs.get(name);
    if (!tensor) throw new Error(`the graph has no output ${name}`);
    return [name, tensor];
  });
}

export const portOf = (name: string, { shape, dtype }: Tensor): Port => ({ name, shape, dtype });

function store(numbers: Numbers, data: TensorData): TensorData {
  data.set(numbers);
  return data;
}

export function emptyData(dtype: DType, length: number): TensorData {
  if (dtype === 'f32') return new Float32Array(length);
  return dtype === 'i64' ? new Int32Array(length) : new Uint8Array(length);
}
