import type { Compute, Executable, Values } from '../graph/compute.js';
import type { Graph } from '../graph/graph.js';
import { sizeOf } from '../graph/shape.js';
import type { HistoryContext } from './history-context.js';
import { closeCompiled } from './close-compiled.js';
import { packSequences, type PackedRows, type PackShape } from './pack-sequences.js';

export type RunShape = Required<PackShape>;
type ShapeName = 'short' | 'one' | 'few' | 'block' | 'many';

/** Most histories are short, and a short one should not pay for the longest: 12 of 50 tokens take half the time. */
const SHORT = 12;

/** Runs a graph over histories of any number and length. */
export interface PackedRunner {
  /**
   * Calls `take` with each packed batch and the graph's outputs for it; row i of an output belongs to place i, and the next batch
   * overwrites it: what is kept is copied. Contexts are fed where the graph has inputs for them.
   */
  run(
    histories: readonly Int32Array[],
    feedsOf: (packed: PackedRows) => Values,
    take: (packed: PackedRows, values: Values) => void,
    contexts?: readonly HistoryContext[],
  ): Promise<void>;
  dispose(): Promise<void>;
}

/** As many as an explanation leaves out, see gather-evidence.ts: every row costs its part, read or empty. */
const FEW = 6;

/** Long histories of a batch that share one reading of the item tables, which are larger than a processor's cache. */
const BLOCK = 32;

/**
 * Five compiled shapes of one graph, each compiled when it is first needed: a single history (a request), short or not, a few long
 * ones (an explanation leaves each item out once), a block of long ones (a batch), many short ones (evaluation). A runner serves
 * one set of weights.
 */
export function packedRunner(
  compute: Pick<Compute, 'compile'>,
  history: number,
  build: (shape: RunShape) => Graph,
): PackedRunner {
  const shapes: Record<ShapeName, RunShape> = {
    short: aloneIn(1, Math.min(SHORT, history)),
    one: aloneIn(1, history),
    few: aloneIn(FEW, history),
    block: aloneIn(BLOCK, history),
    many: { rows: Math.max(4, Math.ceil(1024 / history)), length: history, most: 128, alone: false },
  };
  const compiled = new Map<ShapeName, Promise<Executable>>();
  const room = outputRoom();
  const open = (name: ShapeName, fed: Values) => {
    const known = compiled.get(name) ?? compileWith(compute, build(shapes[name]), fed);
    compiled.set(name, known);
    return known;
  };
  return {
    async run(histories, feedsOf, take, contexts) {
      const name = shapeFor(
        histories.filter(({ length }) => length > 0), // nothing is read of an empty one
        shapes,
      );
      const shape = shapes[name];
      for (const packed of packSequences(histories, shape, contexts)) {
        const ends = new Int32Array(shape.most);
        packed.places.forEach(({ last }, i) => (ends[i] = last));
        const { positions, segments, context } = packed;
        const feeds = { ...feedsOf(packed), ...context, positions, segments, ends };
        const executable = await open(name, feeds);
        await room.lend(executable, async (into) => take(packed, await executable.run(feeds, into)));
      }
    },
    dispose: () => closeCompiled(compiled),
  };
}

/** Outputs to write to again and again: a block's are 6 MB, and fresh memory of that size costs more than some of its products. */
function outputRoom() {
  const free = new WeakMap<Executable, Values[]>(); // two questions at a time need two
  return {
    async lend(executable: Executable, use: (into: Values) => Promise<void>): Promise<void> {
      const own = free.get(executable) ?? [];
      free.set(executable, own);
      const into = own.pop() ?? emptyOutputs(executable);
      await use(into);
      own.push(into);
    },
  };
}

function emptyOutputs({ outputs }: Executable): Values {
  return Object.fromEntries(outputs.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
}

const aloneIn = (rows: number, length: number): RunShape => ({ rows, length, most: rows, alone: true });

/** Numbers of a parameter up to which it is compiled in: every shape keeps a copy, and a model beyond 2 GB cannot be stored. */
const MOST_BAKED = 8_000_000;

/** With its weights compiled in, a request of Beauty's trunk takes 1.0 ms instead of 1.3, one of its codes 2.2 instead of 3.3. */
function compileWith(compute: Pick<Compute, 'compile'>, graph: Graph, fed: Values): Promise<Executable> {
  const baked = [...graph.parameters.keys()].flatMap((name) => {
    const values = fed[name];
    return values !== undefined && values.length <= MOST_BAKED ? [[name, values] as const] : [];
  });
  return compute.compile(graph, { constants: Object.fromEntries(baked) });
}

/** `many` pays when a batch of it would be at least half full of histories; its scores are computed for all 128 places. */
function shapeFor(
  histories: readonly Int32Array[],
  { short, few, many }: Record<ShapeName, RunShape>,
): ShapeName {
  if (histories.length <= 1) return (histories[0]?.length ?? 0) <= short.length ? 'short' : 'one';
  if (histories.length <= few.most) return 'few';
  const tokens = histories.reduce((sum, { length }) => sum + Math.min(length, many.length), 0);
  const fitting = (many.rows * many.length) / Math.max(1, tokens / histories.length);
  if (fitting >= many.most / 2) return 'many';
  return histories.length > BLOCK / 2 ? 'block' : 'few';
}
