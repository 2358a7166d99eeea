type Maybe<T> = T | null | undefined;

/** An argument can be left out in two ways, unnamed and null; both mean the same here. */
export function ifGiven<T, R>(value: Maybe<T>, use: (value: T) => R): R | null {
  return value === null || value === undefined ? null : use(value);
}

/** The entries that were given, without those left out in either way. */
export function onlyGiven<T extends object>(
  entries: T,
): { [K in keyof T]?: Exclude<T[K], null | undefined> } {
  const given = Object.entries(entries).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], null | undefined> };
}
