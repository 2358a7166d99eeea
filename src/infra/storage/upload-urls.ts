import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ReferenceId } from '../../domain/ids.js';

export interface UploadUrls {
  /** `/uploads/<id>?e=<expiry>&s=<signature>`: takes one picture by PUT until then. */
  sign(id: ReferenceId, expiresAt: Date): string;
  /** The row that the address is for; null for a forged, altered or expired one. */
  verify(url: string, now: Date): ReferenceId | null;
}

const PATH = /^\/uploads\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Addresses that take an upload without a session, for a few minutes: whoever has one may send this one picture. */
export function createUploadUrls(secret: string): UploadUrls {
  const signatureOf = (id: string, expiry: string) =>
    createHmac('sha256', secret).update(`upload\n${id}\n${expiry}`).digest('base64url');
  return {
    sign(id, expiresAt) {
      const expiry = String(Math.floor(expiresAt.getTime() / 1000));
      return `/uploads/${id}?e=${expiry}&s=${signatureOf(id, expiry)}`;
    },
    verify(url, now) {
      const base = 'http://localhost';
      if (!URL.canParse(url, base)) return null;
      const { pathname, searchParams } = new URL(url, base);
      const id = PATH.exec(pathname)?.[1];
      const expiry = searchParams.get('e') ?? '';
      if (id === undefined || !/^\d{1,12}$/.test(expiry)) return null;
      const [expected, given] = [
        Buffer.from(signatureOf(id, expiry)),
        Buffer.from(searchParams.get('s') ?? ''),
      ];
      if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
      return Number(expiry) * 1000 > now.getTime() ? (id as ReferenceId) : null;
    },
  };
}
