import { createHmac } from 'node:crypto';
import type { MediaHash } from '../../domain/ids.js';
import {
  PICTURE_FORMATS,
  PICTURE_WIDTHS,
  type PictureFormat,
  type PictureWidth,
} from '../../domain/media.js';
import { sameText } from './same-text.js';

/** What a media URL asks for. */
export interface MediaRequest {
  readonly hash: MediaHash;
  readonly width: PictureWidth;
  readonly format: PictureFormat;
}

/** `expired` and `forged` are told apart for the log only; a visitor gets the same refusal. */
export type MediaVerdict =
  | { readonly state: 'valid'; readonly request: MediaRequest; readonly expiresAt: Date }
  | { readonly state: 'expired' | 'forged' | 'malformed' };

export interface SignedUrls {
  /** `/media/<hash>/<width>.<format>?e=<expiry>&s=<signature>`, good for 24 to 48 hours. */
  sign(request: MediaRequest, now: Date): string;
  verify(url: string, now: Date): MediaVerdict;
}

const DAY_SECONDS = 86_400;
const PATH = /^\/media\/([0-9a-f]{64})\/(\d{2,3})\.([a-z]{3,4})$/;

/**
 * Media URLs that only we can make and that run out. The expiry is rounded up to a whole day, so that all answers of a
 * day give the same URL and browsers keep the picture.
 */
export function createSignedUrls(secret: string): SignedUrls {
  if (secret.length < 32)
    throw new Error(`a media secret of at least 32 characters was wanted, got ${secret.length}`);
  const signatureOf = (path: string, expiry: string) =>
    createHmac('sha256', secret).update(`${path}\n${expiry}`).digest('base64url');

  return {
    sign({ hash, width, format }, now) {
      const path = `/media/${hash}/${width}.${format}`;
      const expiry = String((Math.floor(now.getTime() / 1000 / DAY_SECONDS) + 2) * DAY_SECONDS);
      return `${path}?e=${expiry}&s=${signatureOf(path, expiry)}`;
    },
    verify(url, now) {
      const asked = parse(url);
      if (!asked) return { state: 'malformed' };
      if (!sameText(signatureOf(asked.path, asked.expiry), asked.signature)) return { state: 'forged' };
      const expiresAt = new Date(Number(asked.expiry) * 1000);
      return expiresAt <= now ? { state: 'expired' } : { state: 'valid', request: asked.request, expiresAt };
    },
  };
}

function parse(url: string) {
  const base = 'http://localhost';
  if (!URL.canParse(url, base)) return null;
  const { pathname, searchParams } = new URL(url, base);
  const [, hash, size, extension] = PATH.exec(pathname) ?? [];
  const width = PICTURE_WIDTHS.find((known) => String(known) === size);
  const format = PICTURE_FORMATS.find((known) => known === extension);
  const [expiry, signature] = [searchParams.get('e') ?? '', searchParams.get('s') ?? ''];
  if (!hash || !width || !format || !/^\d{1,12}$/.test(expiry)) return null;
  return { path: pathname, expiry, signature, request: { hash: hash as MediaHash, width, format } };
}
