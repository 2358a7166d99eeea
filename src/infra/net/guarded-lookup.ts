import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { DomainError } from '../../domain/errors.js';
import { isPublicAddress } from './public-address.js';

export type LookupAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void,
) => void;

/** Which addresses may be connected to on the word of somebody else. */
export type AddressRule = (address: string) => boolean;

/** Throws for an address that is written as one and that the rule does not allow; names are looked at by the look-up. */
export function assertHostAllowed({ hostname }: URL, rule: AddressRule = isPublicAddress): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !rule(host)) throw refused(inner(host));
}

/**
 * A look-up that gives only allowed addresses; one inner address among several spoils them all. The connection is made to the very
 * address that was checked: a name that changes between check and use leads nowhere.
 */
export function guardedLookup(
  lookup: LookupAll = systemLookup,
  rule: AddressRule = isPublicAddress,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const bad = addresses?.find(({ address }) => !rule(address));
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
