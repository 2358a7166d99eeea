import { type TensorData, type Graph } from './graph.js';
import { type Shape, sizeOf } from './shape.js';

/** Weights, Adam's first and second moment, moving average of the weights. */
export type Slot = 'p' | 'm' | 'v' | 'ema';

export interface Member {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  readonly size: number;
}

/** Parameters that the optimiser updates as one tensor. */
export interface Pack {
  readonly name: string;
  readonly shape: Shape;
  readonly decay: boolean;
  readonly members: readonly Member[];
}

/**
 * From this size on a parameter is its own pack. Smaller ones share one: an update is some 15 nodes, and a hundred biases would
 * cost more in dispatch than in arithmetic; a large table is worth more than the copy into a shared vector.
 */
const LARGE = 65_536;

export const stateName = (pack: Pack, slot: Slot): string => `${slot}/${pack.name}`;

/** The same packs for every graph with the same trainable parameters, in whatever order they were made. */
export function packParameters(graph: Graph, trainable: (name: string) => boolean): Pack[] {
  const chosen = [...graph.parameters.entries()]
    .filter(([name]) => trainable(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { tensor, decay }]) => ({ name, shape: tensor.shape, size: sizeOf(tensor.shape), decay }));
  if (chosen.length === 0) throw new Error('nothing to train: no parameter is trainable');
  const alone = chosen
    .filter(({ size }) => size >= LARGE)
    .map((p) => ({ ...p, members: [{ ...p, offset: 0 }] }));
  const together = [true, false].flatMap((decay) => {
    const small = chosen.filter((p) => p.size < LARGE && p.decay === decay);
    return small.length === 0 ? [] : [smallPack(decay, small)];
  });
  return [...alone, ...together];
}

function smallPack(decay: boolean, parts: readonly Omit<Member, 'offset'>[]): Pack {
  let end = 0;
  const members = parts.map((part) => ({ ...part, offset: (end += part.size) - part.size }));
  const only = members.length === 1 ? members[0] : undefined;
  return { name: decay ? 'small matrices' : 'small vectors', shape: only?.shape ?? [end], decay, members };
}

/** The members of a pack as views of its numbers: no copy. */
export function membersOf(pack: Pack, data: TensorData): [string, Float32Array][] {
  if (!(data instanceof Float32Array)) throw new Error(`${pack.name} is not f32`);
  return pack.members.map(({ name, offset, size }) => [name, data.subarray(offset, offset + size)]);
}
