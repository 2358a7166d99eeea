import { problemOf } from './problem-of.js';
import { asSentence } from './sentence-of.js';

export interface FieldProblem {
  /** The input's field that is wrong; null where it is none of them. */
  readonly field: string | null;
  readonly text: string;
}

/** Where a mutation's failure belongs in a form, and its words without the field's name in front; null when all went well. */
export function fieldProblem(result: object | null | undefined): FieldProblem | null {
  const text = problemOf(result);
  if (text === null) return null;
  const path: unknown = result && 'path' in result ? result.path : null;
  const field: unknown = Array.isArray(path) ? path.at(-1) : null;
  if (typeof field !== 'string') return { field: null, text };
  const name = `${field}: `;
  const isNamed = text.toLowerCase().startsWith(name.toLowerCase());
  return { field, text: isNamed ? asSentence(text.slice(name.length)) : text };
}
