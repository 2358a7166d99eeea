import { asSentence } from './sentence-of.js';

/** A mutation's result is its payload or a failure; says the failure, or null when all went well. */
export function problemOf(result: object | null | undefined): string | null {
  if (!result) return 'The server sent no answer.';
  if (!('message' in result) || typeof result.message !== 'string') return null;
  return asSentence(result.message);
}
