import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

export type WebhookVerdict =
  | { readonly state: 'valid'; readonly deliveryId: string; readonly runId: string; readonly news: News }
  /** Told apart for the log only; the sender gets the same refusal. */
  | { readonly state: 'forged' | 'stale' | 'malformed' };

const News = z.looseObject({ id: z.string().min(1).max(200), status: z.string().max(40) });
type News = z.infer<typeof News>;

interface Received {
  readonly header: (name: string) => string | undefined;
  /** Byte for byte as it came: the signature is over these bytes, not over what a parser made of them. */
  readonly body: Uint8Array;
}

const MAX_AGE_SECONDS = 300;
const SIGNATURES_READ = 20;

/**
 * Checks webhooks by the Standard Webhooks rules, with one secret, or two while they are exchanged. Not the client's own
 * `validateWebhook`: it takes signatures of any age and compares them letter by letter.
 */
export function createReplicateWebhooks(
  secrets: readonly string[],
): (received: Received, now: Date) => WebhookVerdict {
  const keys = secrets.map((secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64'));
  return ({ header, body }, now) => {
    const deliveryId = header('webhook-id') ?? '';
    const timestamp = header('webhook-timestamp') ?? '';
    const given = (header('webhook-signature') ?? '').split(' ').slice(0, SIGNATURES_READ);
    if (!/^[\w.-]{1,200}$/.test(deliveryId) || !/^\d{1,12}$/.test(timestamp)) return { state: 'malformed' };
    const signed = Buffer.concat([Buffer.from(`${deliveryId}.${timestamp}.`), body]);
    if (!keys.some((key) => isSigned(key, signed, given))) return { state: 'forged' };
    if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > MAX_AGE_SECONDS) return { state: 'stale' };
    const news = parsed(body);
    return news === null ? { state: 'malformed' } : { state: 'valid', deliveryId, runId: news.id, news };
  };
}

function isSigned(key: Buffer, signed: Buffer, given: readonly string[]): boolean {
  const expected = createHmac('sha256', key).update(signed).digest();
  return given.some((text) => {
    const [version, signature = ''] = text.split(',');
    const bytes = Buffer.from(signature, 'base64');
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}

function parsed(body: Uint8Array): News | null {
  try {
    const { data } = News.safeParse(JSON.parse(Buffer.from(body).toString('utf8')));
    return data ?? null;
  } catch {
    return null;
  }
}
