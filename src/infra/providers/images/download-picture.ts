import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.js';
import type { RawPicture } from '../../../domain/media.js';
import { openPicture } from '../../pictures/open-picture.js';

const MAX_BYTES = 20_000_000;
const TIMEOUT_MS = 60_000;
const ATTEMPTS = 3;

/**
 * Fetches a provider's output and decodes it. Providers delete outputs after an hour, so this happens at once. Only https,
 * or the provider's own origin, without redirects: an output address must not lead us into our own network.
 */
export async function downloadPicture(
  address: string,
  origin: string,
  signal: AbortSignal,
): Promise<RawPicture> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || (url.protocol !== 'https:' && url.origin !== origin)) {
    throw unusable(`an https address of a picture was wanted, got "${address.slice(0, 60)}"`);
  }
  return decode(await fetchWhole(url, signal));
}

async function fetchWhole(url: URL, signal: AbortSignal): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchOnce(url, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof DomainError && !error.retryable) throw error;
      if (attempt === ATTEMPTS)
        throw unusable('the provider made a picture, but downloading it failed three times', error);
      await sleep(300 * attempt, undefined, { signal });
    }
  }
}

async function fetchOnce(url: URL, signal: AbortSignal): Promise<Uint8Array> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(url, { signal: limited, redirect: 'error' });
  if (!response.ok) {
    await response.body?.cancel();
    throw new DomainError('PROVIDER_UNAVAILABLE', `a picture was wanted, got status ${response.status}`, {
      retryable: response.status >= 500,
    });
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MAX_BYTES) throw unusable(`a picture of at most ${MAX_BYTES} bytes was wanted, got more`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function decode(bytes: Uint8Array): Promise<RawPicture> {
  try {
    const { data, info } = await (
      await openPicture(bytes)
    )
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels: 3, data };
  } catch (error) {
    if (error instanceof DomainError)
      throw unusable(`the provider's output is no picture: ${error.message}`, error);
    throw error;
  }
}

function unusable(message: string, cause?: unknown): DomainError {
  return new DomainError('PROVIDER_UNAVAILABLE', message, { cause });
}
