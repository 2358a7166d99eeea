/** Thrown while one row is read; its message becomes the row's reason. */
export class BadRow extends Error {}

/** Reads one row's fields; the first that is wrong says what was wanted and what came. */
export function wholeNumber(name: string, text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isInteger(value))
    throw new BadRow(`${name}: a whole number was wanted, ${shown(text)} came`);
  return value;
}

export function rating(text: string | number | undefined, lowest = 1): number {
  const value = Number(text);
  if (text === undefined || text === '' || !(value >= lowest && value <= 5))
    throw new BadRow(`rating: ${lowest} to 5 was wanted, ${shown(text)} came`);
  return value;
}

export function text(name: string, value: unknown, longest = 500): string {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new BadRow(`${name}: a text was wanted, ${shown(value)} came`);
  const trimmed = String(value).trim();
  if (trimmed === '') throw new BadRow(`${name}: a text was wanted, an empty one came`);
  return trimmed.slice(0, longest);
}

/** Seconds since the epoch, between 1990 and a day from now: an import must not bring events from the future. */
export function time(seconds: unknown, now = Date.now()): Date {
  const value = Number(seconds);
  const latest = now / 1000 + 86_400;
  if (seconds === undefined || seconds === '' || !(value >= 631_152_000 && value <= latest))
    throw new BadRow(`time: seconds since 1970, from 1990 to now, were wanted, ${shown(seconds)} came`);
  return new Date(value * 1000);
}

export function shown(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  return `"${JSON.stringify(value).replaceAll('"', '').slice(0, 60)}"`;
}
