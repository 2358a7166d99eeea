import { request } from 'node:https';
import { DomainError } from '../../domain/errors.js';
import { assertHostAllowed, guardedLookup, type LookupAll } from './guarded-lookup.js';

interface Options {
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly lookup?: LookupAll;
}

/**
 * Fetches an address that somebody else named, by https and without redirects. Names are looked up once, and the connection
 * is made to the very address that was checked: a name that changes between check and use leads nowhere.
 */
export async function guardedGet(url: URL, { signal, maxBytes, lookup }: Options): Promise<Buffer> {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw refused(`an https address without a password was wanted, got "${url.protocol}//${url.host}"`);
  assertHostAllowed(url);
  return new Promise((resolve, reject) => {
    const asked = request(url, { signal, agent: false, lookup: guardedLookup(lookup) }, (response) => {
      const { statusCode = 0 } = response;
      if (statusCode !== 200) {
        response.destroy();
        reject(unavailable(`a picture was wanted, got status ${statusCode}`, statusCode >= 500));
        return;
      }
      const parts: Buffer[] = [];
      let size = 0;
      response.on('data', (part: Buffer) => {
        size += part.length;
        parts.push(part);
        if (size > maxBytes) response.destroy(refused(`at most ${maxBytes} bytes were wanted, got more`));
      });
      response.on('error', reject);
      response.on('end', () => resolve(Buffer.concat(parts)));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const refused = (message: string): Error => new DomainError('PROVIDER_UNAVAILABLE', message);
const unavailable = (message: string, retryable: boolean): DomainError =>
  new DomainError('PROVIDER_UNAVAILABLE', message, { retryable });
