/** The closed list of failures that a caller can act on; GraphQL and CLI show them under these names. */
export type ErrorCode =
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'IDEMPOTENCY_KEY_REUSED'
  | 'QUOTA_EXCEEDED'
  | 'RATE_LIMITED'
  | 'CONTENT_REFUSED'
  | 'PROVIDER_UNAVAILABLE'
  | 'DEADLINE_EXCEEDED'
  | 'STALE_VERSION';

interface Details extends ErrorOptions {
  /** Where in the caller's input, e.g. ['input', 'count']. */
  readonly path?: readonly string[];
  /** What was wanted, e.g. '1..8'. */
  readonly constraint?: string;
  readonly retryable?: boolean;
  /** Who outside failed. */
  readonly provider?: string;
  /** What a change would have to name that was refused because it had seen an older version. */
  readonly currentVersion?: number;
}

/** A failure the caller can act on; its message says what was wanted and what came. Anything else that is thrown is a bug. */
export class DomainError extends Error {
  readonly path: readonly string[] | null;
  readonly constraint: string | null;
  readonly retryable: boolean;
  readonly provider: string | null;
  readonly currentVersion: number | null;

  constructor(
    readonly code: ErrorCode,
    message: string,
    { path, constraint, retryable = false, provider, currentVersion, ...options }: Details = {},
  ) {
    super(message, options);
    this.name = 'DomainError';
    this.path = path ?? null;
    this.constraint = constraint ?? null;
    this.retryable = retryable;
    this.provider = provider ?? null;
    this.currentVersion = currentVersion ?? null;
  }
}

/** Our own store of pictures cannot be written: nothing is wrong with what was asked for, and later it will work. */
export class StoreUnavailable extends DomainError {
  constructor(cause: unknown) {
    super('PROVIDER_UNAVAILABLE', 'The picture store cannot be written at the moment', {
      retryable: true,
      cause,
    });
  }
}

/** The database cannot be reached now, in the words of whatever said so: trying again later is right. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super((cause as Partial<Error> | null)?.message ?? 'the database does not answer', { cause });
  }
}
