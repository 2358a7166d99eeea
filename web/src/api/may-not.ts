import { CombinedGraphQLErrors } from '@apollo/client/errors';

const REFUSALS = ['FORBIDDEN', 'UNAUTHENTICATED'];

/** Whether the server refused for want of a right: what was asked for is then not shown at all. */
export function mayNot(error: unknown): boolean {
  if (!CombinedGraphQLErrors.is(error)) return false;
  return error.errors.some(({ extensions }) => REFUSALS.includes(String(extensions?.['code'])));
}
