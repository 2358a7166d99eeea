import { type Graph, type Node, type Tensor } from './graph.js';

/** The nodes that the outputs need, each after what it reads. What nothing asks for is never computed. */
export function schedule(graph: Graph, outputs: readonly Tensor[]): Node[] {
  const order: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  const stack: Node[] = outputs.flatMap((output) => graph.producers.get(output.id) ?? []);
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (!node) break;
    if (state.get(node) !== undefined) {
      stack.pop();
      if (state.get(node) === 'open') order.push(node);
      state.set(node, 'done');
      continue;
    }
    state.set(node, 'open');
    for (const input of node.inputs) {
      const producer = graph.producers.get(input.id);
      if (producer && state.get(producer) === undefined) stack.push(producer);
    }
  }
  return order;
}

/** The inputs and parameters those outputs depend on, in the order of their creation. */
export function sourcesOf(graph: Graph, outputs: readonly Tensor[]): Tensor[] {
  const read = new Set<number>(outputs.map(({ id }) => id));
  for (const node of schedule(graph, outputs)) node.inputs.forEach(({ id }) => read.add(id));
  const named = [...graph.inputs.values(), ...[...graph.parameters.values()].map(({ tensor }) => tensor)];
  return named.filter(({ id }) => read.has(id) && !graph.producers.has(id)).sort((a, b) => a.id - b.id);
}
