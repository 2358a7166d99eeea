import { BadRow } from './row-check.js';

/** One JSON object from one line. */
export function readJson(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new BadRow(`a JSON object was wanted, "${line.slice(0, 40)}" came`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new BadRow(`a JSON object was wanted, "${line.slice(0, 40)}" came`);
  return value as Record<string, unknown>;
}
