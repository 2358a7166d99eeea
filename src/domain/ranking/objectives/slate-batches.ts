import type { Values } from '../../graph/compute.js';
import type { Example } from './draw-examples.js';
import { askedAfter, samplingOf, tuningShape, type TuningLesson } from './lesson.js';
import { nextItemFeeds } from './next-item-feeds.js';
import { packStrands } from './pack-strands.js';

/** Rows of numbers by name, one row per example; all rows of a name have the same length. */
export type SlateRows = Readonly<Record<string, readonly (Float32Array | Int32Array)[]>>;

/**
 * Feeds of a round: histories packed side by side with what came next at each of their tokens, and for each history its row of
 * every name in `rows` (slates, reference, …). Places of a batch that hold no history stay 0.
 */
export function slateBatches(lesson: TuningLesson, examples: readonly Example[], rows: SlateRows): Values[] {
  const shape = tuningShape(lesson.config);
  const groups = examples.map((example) => {
    const { history, chosen } = example;
    const next = new Int32Array(history.length).fill(chosen);
    next.set(history.subarray(1));
    return [{ tokens: history, next, context: askedAfter(lesson, example).context }];
  });
  const sampling = samplingOf(lesson);
  return packStrands(groups, shape).map((packed, b) => {
    const feeds = nextItemFeeds(packed.batch, sampling, lesson.random.fork(`candidates ${b}`));
    const ends = new Int32Array(shape.most);
    packed.groups.forEach((group, i) => (ends[i] = group.ends[0] as number));
    const chosen = packed.groups.map(({ group }) => group);
    const named = Object.entries(rows).map(
      ([name, all]) => [name, stacked(all, chosen, shape.most)] as const,
    );
    return { ...feeds, ends, ...Object.fromEntries(named) };
  });
}

function stacked(
  rows: SlateRows[string],
  chosen: readonly number[],
  most: number,
): Float32Array | Int32Array {
  const [first] = rows;
  const size = first?.length ?? 0;
  const out = first instanceof Int32Array ? new Int32Array(most * size) : new Float32Array(most * size);
  chosen.forEach((example, i) => out.set(rows[example] ?? [], i * size));
  return out;
}
