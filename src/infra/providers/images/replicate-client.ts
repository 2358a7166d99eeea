import Replicate from 'replicate';
import { z } from 'zod';
import { DomainError } from '../../../domain/errors.js';
import { carefulFetch, FAILURE_HEADER } from './careful-fetch.js';

/** What predictions and trainings have in common. */
export const ReplicateRun = z.object({
  id: z.string().min(1),
  status: z.enum(['starting', 'processing', 'succeeded', 'failed', 'canceled', 'aborted']),
  output: z.unknown(),
  error: z.unknown(),
  logs: z.string().nullish(),
  metrics: z.object({ predict_time: z.number().optional() }).nullish(),
});
export type ReplicateRun = z.infer<typeof ReplicateRun>;

export interface ReplicateAccount {
  readonly token: string;
  readonly baseUrl: string;
  /** How long one request may take; left out: 30 seconds. */
  readonly requestTimeoutMs?: number;
}

const REQUEST_TIMEOUT_MS = 30_000;
const PROVIDER = 'replicate';

export function replicateClient({
  token,
  baseUrl,
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
}: ReplicateAccount): Replicate {
  return new Replicate({
    auth: token,
    baseUrl,
    fetch: carefulFetch(requestTimeoutMs),
    useFileOutput: false,
  });
}

/** A run as the client gives it, checked. */
export async function askedRun(reply: Promise<unknown>, signal: AbortSignal): Promise<ReplicateRun> {
  const parsed = ReplicateRun.safeParse(await asked(reply, signal));
  if (parsed.success) return parsed.data;
  throw unavailable('a prediction was wanted from Replicate, got something else');
}

/** A reply of the client; failures become sentences. Abort wins over everything, also over the client's own waiting. */
export async function asked<T>(reply: Promise<T>, signal: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { signal: stop.signal });
  });
  try {
    return await Promise.race([reply, aborted]);
  } catch (error) {
    signal.throwIfAborted();
    throw explained(error);
  } finally {
    stop.abort();
  }
}

export function isFinal({ status }: Pick<ReplicateRun, 'status'>): boolean {
  return status !== 'starting' && status !== 'processing';
}

/** The last percentage in the log of the model, mapped into 0.1..0.9. */
export function progressOf({ status, logs }: ReplicateRun): number {
  if (status === 'starting') return 0.05;
  const percent = Number([...(logs ?? '').matchAll(/(\d{1,3})%/g)].at(-1)?.[1] ?? 0);
  return 0.1 + 0.8 * Math.min(1, percent / 100);
}

/** Why a run that ended has no result. */
export function unsuccessful({ status, error }: ReplicateRun): DomainError {
  const reason = typeof error === 'string' ? error : '';
  if (/nsfw|safety|sensitive|flagged/i.test(reason)) {
    return new DomainError(
      'CONTENT_REFUSED',
      'the safety check of the model refused this picture; change the words',
      { provider: PROVIDER },
    );
  }
  return unavailable(`Replicate ended the prediction as ${status}: ${reason.slice(0, 200)}`);
}

export function unavailable(message: string, retryable = false): DomainError {
  return new DomainError('PROVIDER_UNAVAILABLE', message, { provider: PROVIDER, retryable });
}

function explained(error: unknown): unknown {
  const response = typeof error === 'object' && error !== null && 'response' in error ? error.response : null;
  if (!(response instanceof Response)) return error;
  const failure = response.headers.get(FAILURE_HEADER);
  const { message, retryable } = FAILURES[failure ?? ''] ?? byStatus(response.status);
  return new DomainError(failure === 'too many requests' ? 'RATE_LIMITED' : 'PROVIDER_UNAVAILABLE', message, {
    retryable,
    provider: PROVIDER,
  });
}

/** Asking again is free only where the first request surely did nothing. */
const FAILURES: Readonly<Record<string, { message: string; retryable: boolean } | undefined>> = {
  'not sent': { message: 'Replicate could not be reached', retryable: true },
  'no answer': {
    message: 'Replicate gave no answer; the request may have arrived and was not sent again',
    retryable: false,
  },
  'timed out': {
    message: 'Replicate did not answer in time; the request may have arrived and was not sent again',
    retryable: false,
  },
  'too many requests': { message: 'Replicate asks us to slow down', retryable: true },
};

function byStatus(status: number): { message: string; retryable: boolean } {
  if (status === 401 || status === 403)
    return { message: 'Replicate refuses REPLICATE_API_TOKEN', retryable: false };
  if (status === 402) return { message: 'the Replicate account has no credit left', retryable: false };
  if (status === 404)
    return {
      message: 'Replicate does not know the model; see REPLICATE_MODEL and REPLICATE_MODELS',
      retryable: false,
    };
  return {
    message: `a prediction was wanted from Replicate, got status ${status}`,
    retryable: status >= 500,
  };
}
