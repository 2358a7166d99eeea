/** The value, or a failed test. */
export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('a value was wanted, none came');
  return value;
}
