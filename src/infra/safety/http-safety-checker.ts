import sharp from 'sharp';
import { z } from 'zod';
import type { SafetyChecker } from '../../flow/ports/safety-checker.js';

interface Settings {
  readonly url: string;
  /** A picture is withheld when any category reaches it. */
  readonly threshold: number;
  readonly timeoutMs?: number;
}

/** Longer than any checker needs for one picture; whoever is slower counts as down. */
const TIMEOUT_MS = 15_000;
const MOST_BYTES = 64 * 1024;

const Answer = z.object({
  policy: z.string().min(1).max(100),
  scores: z
    .record(z.string().max(100), z.number().min(0).max(1))
    .refine((scores) => Object.keys(scores).length > 0, 'at least one category was wanted'),
});

/**
 * A picture checker of one's own behind an address: gets a PNG by POST and answers `{ "policy": "name-version", "scores": { "category": 0..1 } }`. Any
 * other answer, status or silence is no answer, and without an answer nothing is shown.
 */
export function createHttpSafetyChecker({ url, threshold, timeoutMs = TIMEOUT_MS }: Settings): SafetyChecker {
  return {
    timeoutMs,
    async check({ width, height, channels, data }, signal) {
      const png = await sharp(data, { raw: { width, height, channels } }).png().toBuffer();
      const headers = { 'content-type': 'image/png', accept: 'application/json' };
      const request = {
        method: 'POST',
        headers,
        body: new Uint8Array(png),
        redirect: 'error',
        signal,
      } as const;
      const response = await fetch(url, request);
      if (!response.ok)
        throw new Error(`status 200 was wanted from the safety checker, got ${response.status}`);
      const { policy, scores } = Answer.parse(JSON.parse(await shortText(response)));
      const [[category, score] = [null, 0]] = Object.entries(scores).sort(([, a], [, b]) => b - a);
      return { policy, score, threshold, category };
    },
  };
}

async function shortText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > MOST_BYTES)
      throw new RangeError(`at most ${MOST_BYTES} bytes were wanted from the safety checker`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
