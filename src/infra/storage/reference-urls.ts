import { createHmac } from 'node:crypto';
import type { ReferenceId } from '../../domain/ids.js';
import { sameText } from './same-text.js';

/** Addresses for one picture and one use, that run out. */
interface Addresses {
  /** `/<use>/<id>?e=<expiry>&s=<signature>`. */
  sign(id: ReferenceId, expiresAt: Date): string;
  /** The row that the address is for; null for a forged, altered or expired one, or one for another use. */
  verify(url: string, now: Date): ReferenceId | null;
}

export interface ReferenceUrls {
  /** Takes one picture by PUT. */
  readonly upload: Addresses;
  /** Shows it small. */
  readonly thumbnail: Addresses;
}

const PATH = /^\/([a-z-]+)\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Addresses that work without a session, for minutes: whoever has one may do this one thing with this one picture. */
export function createReferenceUrls(secret: string): ReferenceUrls {
  return {
    upload: addressesFor({ use: 'upload', folder: 'uploads' }, secret),
    thumbnail: addressesFor({ use: 'thumbnail', folder: 'reference-thumbnails' }, secret),
  };
}

function addressesFor({ use, folder }: { use: string; folder: string }, secret: string): Addresses {
  const signatureOf = (id: string, expiry: string) =>
    createHmac('sha256', secret).update(`${use}\n${id}\n${expiry}`).digest('base64url');
  return {
    sign(id, expiresAt) {
      const expiry = String(Math.floor(expiresAt.getTime() / 1000));
      return `/${folder}/${id}?e=${expiry}&s=${signatureOf(id, expiry)}`;
    },
    verify(url, now) {
      const base = 'http://localhost';
      if (!URL.canParse(url, base)) return null;
      const { pathname, searchParams } = new URL(url, base);
      const [, place, id] = PATH.exec(pathname) ?? [];
      const expiry = searchParams.get('e') ?? '';
      if (place !== folder || id === undefined || !/^\d{1,12}$/.test(expiry)) return null;
      if (!sameText(signatureOf(id, expiry), searchParams.get('s') ?? '')) return null;
      return Number(expiry) * 1000 > now.getTime() ? (id as ReferenceId) : null;
    },
  };
}
