import { DomainError } from '../domain/errors.js';

/** More says nothing that fewer do not, and costs the encoder time. */
const LONGEST_TEXT = 500;

/** Free words from outside: something, and not a book. */
export function assertWords(text: string, path: string): void {
  if (/[\p{L}\p{N}]/u.test(text) && text.length <= LONGEST_TEXT) return;
  const came = text.length > LONGEST_TEXT ? `${text.length} characters` : `"${text}"`;
  throw new DomainError(
    'INVALID_INPUT',
    `words, at most ${LONGEST_TEXT} characters, were wanted, ${came} came`,
    {
      path: [path],
      constraint: `1..${LONGEST_TEXT} characters`,
    },
  );
}
