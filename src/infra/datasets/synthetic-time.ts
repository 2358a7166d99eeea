/**
 * The time of the k-th event of a person (from 0) in a source that has an order but no times: minute k of 1970.
 * Strictly ordered for each person, the same on every import, and recognisable: no real event is older than 1980.
 */
export function syntheticTime(k: number): Date {
  return new Date(k * 60_000);
}
