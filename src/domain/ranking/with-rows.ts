import type { RankingData } from './part.js';

type Row = Int32Array | Float64Array;

/**
 * The data with the row of every person made anew: items, times and actions alike, so that they stay beside each other. `change` must
 * keep the kind of the row, as `subarray` and `filter` do.
 */
export function withRows(data: RankingData, change: (row: Row, person: number) => Row): RankingData {
  const changed = <R extends Row>(rows: readonly R[]) => rows.map((row, person) => change(row, person) as R);
  return {
    ...data,
    sequences: changed(data.sequences),
    ...(data.times && { times: changed(data.times) }),
    ...(data.actions && { actions: changed(data.actions) }),
  };
}
