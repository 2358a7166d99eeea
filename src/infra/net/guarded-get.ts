import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { DomainError } from '../../domain/errors.js';
import { isPublicAddress } from './public-address.js';

export type LookupAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void,
) => void;

interface Options {
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly lookup?: LookupAll;
}

/**
 * Fetches an address that somebody else named, by https and without redirects. Names are looked up once, and the connection
 * is made to the very address that was checked: a name that changes between check and use leads nowhere.
 */
export async function guardedGet(
  url: URL,
  { signal, maxBytes, lookup = systemLookup }: Options,
): Promise<Buffer> {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw refused(`an https address without a password was wanted, got "${url.protocol}//${url.host}"`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw refused(inner(host));
  return new Promise((resolve, reject) => {
    const asked = request(url, { signal, agent: false, lookup: checked(lookup) }, (response) => {
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

/** A look-up that gives only public addresses; one inner address among several spoils them all. */
function checked(lookup: LookupAll): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const bad = addresses?.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses ?? [];
      if (error !== null || addresses === undefined) callback(error, '');
      else if (bad !== undefined) callback(refused(inner(bad.address)), '');
      else if (options.all === true) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family);
    });
  };
}

const inner = (address: string) => `an address on the internet was wanted, ${address} is an inner one`;
const refused = (message: string): Error => new DomainError('PROVIDER_UNAVAILABLE', message);
const unavailable = (message: string, retryable: boolean): DomainError =>
  new DomainError('PROVIDER_UNAVAILABLE', message, { retryable });
