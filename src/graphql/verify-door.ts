import express, { type RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../domain/errors.js';
import type { Ports } from '../flow/ports.js';
import { CHECK_MEANS } from '../flow/verify-provenance.js';
import { verifyPicture, type PictureVerdict } from '../flow/verify-picture.js';

/** Decoding and comparing a picture takes up to a second: an address may ask so often a minute. */
const A_MINUTE = 20;
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * POST the bytes of a picture (PNG, JPEG, WebP or AVIF, at most 8 MB) and read where it comes from, as JSON. For anybody: no
 * account, no cookie, nothing is stored.
 */
export function verifyDoor(ports: Pick<Ports, 'stores' | 'pictures'>): RequestHandler[] {
  const limiter = new RateLimiterMemory({ points: A_MINUTE, duration: 60 });
  const limited: RequestHandler = async (request, response, next) => {
    try {
      await limiter.consume(request.socket.remoteAddress ?? '');
      next();
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const seconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
      const message = `at most ${A_MINUTE} pictures a minute; wait ${seconds} s`;
      response.status(429).set('retry-after', String(seconds)).json(problem('RATE_LIMITED', message));
    }
  };
  const verify: RequestHandler = async (request, response) => {
    const bytes: unknown = request.body;
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) {
      response
        .status(400)
        .json(problem('INVALID_INPUT', 'the bytes of a picture were wanted as the body, none came'));
      return;
    }
    try {
      response.json(shown(await verifyPicture(ports, bytes)));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      response.status(400).json(problem(error.code, error.message));
    }
  };
  return [limited, express.raw({ type: () => true, limit: MOST_BYTES }), verify];
}

const problem = (code: string, message: string) => ({ errors: [{ message, extensions: { code } }] });

function shown({ provenance, check, ...rest }: PictureVerdict): object {
  const { state: signature, keyId, manifest } = check;
  const verdict = { ...rest, signature, why: whyOf(rest, check), keyId, manifest };
  if (provenance === null) return { ...verdict, provenance: null };
  const { item, work } = provenance;
  return {
    ...verdict,
    provenance: {
      origin: item.origin,
      title: item.title,
      contentHash: work?.contentHash ?? item.mediaHash,
      createdAt: work?.createdAt ?? item.createdAt,
      provider: work?.recipe.provider ?? null,
      model: work?.recipe.model ?? null,
    },
  };
}

function whyOf({ verified }: Pick<PictureVerdict, 'verified'>, { state }: PictureVerdict['check']): string {
  return verified && state !== 'SIGNED'
    ? 'It is not signed, but these very bytes are in this gallery.'
    : CHECK_MEANS[state];
}
