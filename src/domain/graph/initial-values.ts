import { type Random, seededRandom } from '../random.js';
import { type Values } from './compute.js';
import { type Graph, type Init } from './graph.js';
import { sizeOf } from './shape.js';

/** First values of every parameter. Each draws from its own stream, named by seed and parameter: adding a layer changes no other. */
export function initialValues(graph: Graph, seed: number): Values {
  const random = seededRandom(seed).fork('parameters');
  const values = [...graph.parameters.entries()].map(([name, { tensor, init }]) => {
    return [name, drawn(init, sizeOf(tensor.shape), random.fork(name))] as const;
  });
  return Object.fromEntries(values);
}

function drawn(init: Init, length: number, random: Random): Float32Array {
  switch (init.kind) {
    case 'zeros':
      return new Float32Array(length);
    case 'ones':
      return new Float32Array(length).fill(1);
    case 'normal':
      return Float32Array.from({ length }, () => random.normal() * init.std);
    case 'uniform':
      return Float32Array.from({ length }, () => (random.next() * 2 - 1) * init.bound);
    case 'values':
      if (init.values.length !== length)
        throw new Error(`${length} values wanted, got ${init.values.length}`);
      return Float32Array.from(init.values);
  }
}
