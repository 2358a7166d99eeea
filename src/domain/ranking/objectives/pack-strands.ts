import type { HistoryContext } from '../history-context.js';
import { packSequences, type PackedRows, type PackShape } from '../pack-sequences.js';
import type { TrainingBatch } from '../training-batches.js';

/** One sequence of a lesson. */
export interface Strand {
  readonly tokens: Int32Array;
  /** What came after each token; left out where nothing is learned item by item. */
  readonly next?: Int32Array;
  /** First token whose next item is learned; all of them when left out. */
  readonly learnFrom?: number;
  /** 1 where no other token may look: it is masked, and the places of the others stay as they were. */
  readonly masked?: Uint8Array;
  readonly context?: HistoryContext | undefined;
}

/** A batch, and where the groups that lie in it as a whole end. */
export interface PackedStrands {
  readonly batch: TrainingBatch;
  readonly groups: readonly { readonly group: number; readonly ends: readonly number[] }[];
}

/** Segments from here on belong to one masked token each; no row holds so many sequences. */
const MASKED = 100_000;

/**
 * Packs groups of sequences that one loss compares (views of one history, a history and its slate) into batches. A group that a
 * batch's border cuts, one per batch at most, is compared in no batch this round.
 */
export function packStrands(groups: readonly (readonly Strand[])[], shape: PackShape): PackedStrands[] {
  const strands = groups.flat();
  const groupOf = groups.flatMap((own, group) => own.map(() => group));
  const packed = packSequences(
    strands.map(({ tokens }) => tokens),
    shape,
    strands.map(({ context = {} }) => context),
  );
  return packed.map((rows) => {
    const ends = new Map<number, number[]>();
    for (const { sequence, last } of rows.places) {
      const group = groupOf[sequence] as number;
      ends.set(group, [...(ends.get(group) ?? []), last]);
    }
    const whole = [...ends].filter(([group, own]) => own.length === groups[group]?.length);
    return {
      batch: withTargets(rows, strands),
      groups: whole.map(([group, own]) => ({ group, ends: own })),
    };
  });
}

function withTargets(packed: PackedRows, strands: readonly Strand[]): TrainingBatch {
  const targets = new Int32Array(packed.items.length);
  const weights = new Float32Array(packed.items.length);
  for (const { sequence, first, last } of packed.places) {
    const { tokens, next, masked, learnFrom = 0 } = strands[sequence] as Strand;
    const cut = tokens.length - (last - first + 1); // packing keeps the last tokens
    masked?.subarray(cut).forEach((isMasked, i) => {
      if (isMasked === 1) packed.segments[first + i] = MASKED + first + i;
    });
    if (next === undefined) continue;
    targets.set(next.subarray(cut), first);
    weights.fill(1, Math.max(first, first + learnFrom - cut), last + 1);
  }
  return { ...packed, targets, weights };
}
