import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DomainError } from '../domain/errors.js';

/** Every code that an error in `errors[]` can carry, besides those of DomainError. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'OPERATION_TOO_LARGE',
  'OPERATION_TOO_COSTLY',
  'RATE_LIMITED',
]);

/** Closed by default: only failures that we named keep their message; anything else is a bug and says nothing. */
export function publicError(error: unknown, code?: unknown): GraphQLFormattedError {
  const original = originalOf(error);
  if (original instanceof DomainError) return domainError(original, error);
  if (error instanceof GraphQLError && isOurs(original, error)) {
    const shown = code ?? error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED';
    const { retryAfterSeconds } = error.extensions;
    if (PUBLIC_CODES.has(shown))
      return {
        ...placeOf(error),
        message: error.message,
        extensions: { code: shown, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
      };
  }
  return { ...placeOf(error), message: 'Internal error', extensions: { code: 'INTERNAL' } };
}

export function isBug(error: unknown, code?: unknown): boolean {
  return publicError(error, code).extensions?.['code'] === 'INTERNAL';
}

/** Thrown as GraphQLError by graphql-js, by Apollo or by us; and not raised by graphql-js about what a resolver returned. */
function isOurs(original: unknown, error: GraphQLError): boolean {
  const raisedWhileRunning =
    error.path !== undefined && original === error && error.extensions['code'] === undefined;
  return (original === error || original instanceof GraphQLError) && !raisedWhileRunning;
}

/** The innermost cause: graphql-js wraps an error once more when it gives it a place. */
function originalOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? originalOf(error.originalError) : error;
}

function domainError(cause: DomainError, error: unknown): GraphQLFormattedError {
  const { message, code, path, retryable, currentVersion } = cause;
  return {
    ...placeOf(error),
    message,
    extensions: {
      ...{ code, retryable },
      ...(path === null ? {} : { argument: path }),
      ...(currentVersion === null ? {} : { currentVersion }),
    },
  };
}

function placeOf(error: unknown): Pick<GraphQLFormattedError, 'path' | 'locations'> {
  if (!(error instanceof GraphQLError)) return {};
  const { path, locations } = error;
  return { ...(path === undefined ? {} : { path }), ...(locations === undefined ? {} : { locations }) };
}
