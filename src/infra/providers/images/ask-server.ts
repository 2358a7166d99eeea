import { DomainError } from '../../../domain/errors.js';
import { carefulFetch, FAILURE_HEADER, type FetchFailure } from './careful-fetch.js';

interface Server {
  /** As the job names it. */
  readonly name: string;
  readonly timeoutMs: number;
}

const MAX_BYTES = 40_000_000;

const FAILURES: Readonly<Record<FetchFailure, { readonly told: string; readonly retryable: boolean }>> = {
  'not sent': { told: 'could not be reached', retryable: true },
  'no answer': {
    told: 'gave no answer; the request may have arrived and was not sent again',
    retryable: false,
  },
  'timed out': {
    told: 'did not answer in time; the request may have arrived and was not sent again',
    retryable: false,
  },
  'too many requests': { told: 'asks us to slow down', retryable: true },
};

/** One request to a server of pictures, its answer as JSON; what never got an answer becomes a sentence. */
export async function askServer(
  { name, timeoutMs }: Server,
  url: string,
  init: RequestInit & { readonly signal: AbortSignal },
): Promise<{ readonly status: number; readonly json: unknown }> {
  const response = await carefulFetch(timeoutMs)(url, { redirect: 'error', ...init });
  init.signal.throwIfAborted();
  const failure = response.headers.get(FAILURE_HEADER) as FetchFailure | null;
  if (failure !== null) {
    const { told, retryable } = FAILURES[failure];
    const code = failure === 'too many requests' ? 'RATE_LIMITED' : 'PROVIDER_UNAVAILABLE';
    throw new DomainError(code, `${name} ${told}`, { retryable, provider: name });
  }
  return { status: response.status, json: parsed(await limitedText(response, name)) };
}

/** Says what came instead, with as much of the server's own words as helps. */
export function unexpected(
  name: string,
  wanted: string,
  { status, json }: { status: number; json: unknown },
): DomainError {
  const said = json === null ? '' : `: ${JSON.stringify(json).slice(0, 200)}`;
  return new DomainError(
    'PROVIDER_UNAVAILABLE',
    `${wanted} was wanted from ${name}, got status ${status}${said}`,
    {
      provider: name,
      retryable: status >= 500,
    },
  );
}

async function limitedText(response: Response, name: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > MAX_BYTES) throw new RangeError(`more than ${MAX_BYTES} bytes`);
      parts.push(part);
    }
  } catch (error) {
    throw new DomainError('PROVIDER_UNAVAILABLE', `the answer of ${name} broke off or was too long`, {
      cause: error,
      provider: name,
    });
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
