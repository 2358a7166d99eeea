/** Why no answer came, told to the caller in a header of a made-up answer. */
export type FetchFailure = 'not sent' | 'no answer' | 'timed out' | 'too many requests';

export const FAILURE_HEADER = 'x-vitrine-failure';

/** The connection was never made, so nothing can have happened at the other end. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * A `fetch` with a time-out that does not throw. The `replicate` client sends a POST up to five times again when `fetch`
 * throws, and each time may start (and bill) a prediction; an answer with status 599 it leaves alone, except for GET, which
 * it repeats with back-off. Its waiting for 429 ignores abort signals and believes any `Retry-After`, so 429 becomes 599 too.
 */
export function carefulFetch(timeoutMs: number): typeof fetch {
  return async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    try {
      const response = await fetch(input, { ...init, signal });
      if (response.status !== 429) return response;
      await response.body?.cancel();
      return failed('too many requests');
    } catch (error) {
      if (timeout.aborted) return failed('timed out');
      return failed(NEVER_CONNECTED.has(causeCode(error)) ? 'not sent' : 'no answer');
    }
  };
}

function failed(failure: FetchFailure): Response {
  return new Response(failure, { status: 599, headers: { [FAILURE_HEADER]: failure } });
}

function causeCode(error: unknown): string {
  const cause = typeof error === 'object' && error !== null && 'cause' in error ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null;
  return typeof code === 'string' ? code : '';
}
