import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that tells nothing of where two signatures differ. */
export function sameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
