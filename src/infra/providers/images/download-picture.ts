import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '../../../domain/errors.js';
import type { RawPicture } from '../../../domain/media.js';
import { guardedGet } from '../../net/guarded-get.js';
import { openPicture } from '../../pictures/open-picture.js';

const MAX_BYTES = 20_000_000;
const TIMEOUT_MS = 60_000;
const ATTEMPTS = 3;

/**
 * Fetches a provider's output and decodes it. Providers delete outputs after an hour, so this happens at once. The provider's
 * own origin was configured and is trusted; anything else it names is fetched guardedly: it must not lead into our network.
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
  return decodeOutput(await fetchWhole(url, origin, signal));
}

async function fetchWhole(url: URL, origin: string, signal: AbortSignal): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
      if (url.origin === origin) return await fetchOnce(url, limited);
      return await guardedGet(url, { signal: limited, maxBytes: MAX_BYTES });
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
  const response = await fetch(url, { signal, redirect: 'error' });
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

/** A provider's picture, decoded safely. */
export async function decodeOutput(bytes: Uint8Array): Promise<RawPicture> {
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
