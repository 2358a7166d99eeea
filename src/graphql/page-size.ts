import { DomainError } from '../domain/errors.js';

/** Every list is read in pages of 1 to 100. */
export function pageSize(first: number): number {
  if (first >= 1 && first <= 100) return first;
  throw new DomainError('INVALID_INPUT', `first: 1 to 100 was wanted, ${first} came`, {
    path: ['first'],
    constraint: '1..100',
  });
}
