import { type Random, shuffled } from '../random.js';
import { contextBefore, type HistoryContext } from './history-context.js';
import { packSequences, type PackedRows, type PackShape } from './pack-sequences.js';

/** A packed batch and, for each token, the item that came next; weight 0 where there is no token. */
export interface TrainingBatch extends PackedRows {
  readonly targets: Int32Array; // (rows · length)
  readonly weights: Float32Array; // (rows · length)
}

/** Items of one person from `start`, and the person's context. */
interface Window {
  readonly items: Int32Array;
  readonly start: number;
  readonly context: HistoryContext;
}

/** Inputs and targets of one pass over all people, in a seeded order. Every position is trained on, with its target's action as goal. */
export function epochBatches(
  sequences: readonly Int32Array[],
  shape: PackShape,
  random: Random,
  contexts?: readonly HistoryContext[],
): TrainingBatch[] {
  const windows = shuffled(
    sequences.flatMap((s, person) => windowsOf(s, contexts?.[person] ?? {}, shape.length, random)),
    random,
  );
  const inputs = windows.map(({ items }) => items.subarray(0, -1));
  const around = windows.map(({ items, start, context }) => {
    const end = start + items.length - 1;
    return { ...contextBefore(context, start, end), goal: context.actions?.[end] };
  });
  return packSequences(inputs, shape, around).map((packed) => withTargets(packed, windows));
}

/**
 * Cuts a sequence into windows of `length` inputs and the item after them, from the end; the cut of the older part moves with the
 * epoch, so that each item is seen at many positions.
 */
function windowsOf(sequence: Int32Array, context: HistoryContext, length: number, random: Random): Window[] {
  const windows: Window[] = [];
  let end = sequence.length;
  let size = length;
  while (end >= 2) {
    const start = Math.max(0, end - 1 - size);
    windows.push({ items: sequence.subarray(start, end), start, context });
    end = start + 1; // the first item of this window is the last target of the one before
    size = windows.length === 1 ? Math.ceil(length / 2) + random.int(length >> 1) : length;
  }
  return windows;
}

function withTargets(packed: PackedRows, windows: readonly Window[]): TrainingBatch {
  const targets = new Int32Array(packed.items.length);
  const weights = new Float32Array(packed.items.length);
  for (const { sequence, first, last } of packed.places) {
    targets.set((windows[sequence] as Window).items.subarray(1), first);
    weights.fill(1, first, last + 1);
  }
  return { ...packed, targets, weights };
}
