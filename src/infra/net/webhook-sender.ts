import { createHmac, randomBytes } from 'node:crypto';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { DomainError } from '../../domain/errors.js';
import type { JobId } from '../../domain/ids.js';
import type { WebhookEndpoint } from '../../domain/webhook.js';
import type { WebhookClaim, WebhookSender } from '../../flow/ports/webhook-ports.js';
import { assertHostAllowed, guardedLookup, type LookupAll } from './guarded-lookup.js';
import { isPublicAddress } from './public-address.js';

const SECRET_BYTES = 32;
const MAX_URL = 2_000;
/** An answer says by its status what it has to say; more of its body is not read. */
const MAX_ANSWER_BYTES = 65_536;

interface SenderOptions {
  /** For tests and for a receiver on the same machine: loopback, also by http. */
  readonly allowLoopback: boolean;
  /** A job's id as the API shows it. */
  readonly publicJobId: (id: JobId) => string;
  readonly lookup?: LookupAll;
}

/**
 * Sends by the Standard Webhooks rules: `webhook-id` stays the same over all tries, `webhook-timestamp` is the try's own, and
 * `webhook-signature` has one signature for each secret that is good. Redirects are not followed.
 */
export function createWebhookSender({ allowLoopback, publicJobId, lookup }: SenderOptions): WebhookSender {
  const rule = (address: string): boolean =>
    isPublicAddress(address) || (allowLoopback && isLoopback(address));
  return {
    check: (url) => void allowed(url, { allowLoopback, rule }),
    newSecret: () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`,
    async send({ delivery, endpoint }, now, signal) {
      const url = allowed(endpoint.url, { allowLoopback, rule });
      const body = JSON.stringify(message({ delivery, endpoint }, publicJobId));
      const headers = signedHeaders(secretsOf(endpoint, now), body, { id: `msg_${delivery.id}`, at: now });
      return await post(url, { headers, body, signal, lookup: guardedLookup(lookup, rule) });
    },
  };
}

/** The headers of Standard Webhooks: HMAC-SHA256 over id, time and body, in base64, one for each secret. */
export function signedHeaders(
  secrets: readonly string[],
  body: string,
  { id, at }: { readonly id: string; readonly at: Date },
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = (secret: string): string => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  };
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets.map(signature).join(' '),
  };
}

function secretsOf({ secret, previousSecret, previousUntil }: WebhookEndpoint, now: Date): string[] {
  const isPreviousGood = previousSecret !== null && previousUntil !== null && now < previousUntil;
  return isPreviousGood ? [secret, previousSecret] : [secret];
}

/** The same bytes at each try: everything in it is of the event, nothing of the moment. */
function message(
  { delivery: { news, createdAt } }: WebhookClaim,
  publicJobId: SenderOptions['publicJobId'],
): object {
  if (news === null) return { type: 'webhook.test', timestamp: createdAt.toISOString(), data: {} };
  const { kind, jobId, jobName, body, at } = news;
  const told =
    kind === 'OUTPUT_READY' ? { index: body.index } : kind === 'FINISHED' ? { status: body.status } : {};
  return {
    type: `job.${kind.toLowerCase()}`,
    timestamp: at.toISOString(),
    data: { jobId: publicJobId(jobId), name: jobName, ...told },
  };
}

interface Allowed {
  readonly allowLoopback: boolean;
  readonly rule: (address: string) => boolean;
}

function allowed(text: string, { allowLoopback, rule }: Allowed): URL {
  const url = URL.canParse(text) && text.length <= MAX_URL ? new URL(text) : null;
  if (url === null) throw refused(`an address of at most ${MAX_URL} characters was wanted`);
  if (`${url.username}${url.password}` !== '') throw refused('an address without a password was wanted');
  if (!isSecure(url, allowLoopback)) throw refused(`an https address was wanted, got "${url.protocol}"`);
  try {
    assertHostAllowed(url, rule);
  } catch (error) {
    throw error instanceof DomainError ? refused(error.message) : error;
  }
  return url;
}

const isLoopback = (address: string) =>
  address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
const isSecure = (url: URL, allowLoopback: boolean) =>
  url.protocol === 'https:' || (url.protocol === 'http:' && allowLoopback && namesLoopback(url));
const namesLoopback = ({ hostname }: URL) =>
  hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''));
const refused = (message: string) =>
  new DomainError('INVALID_INPUT', `url: ${message}`, { path: ['input', 'url'] });

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly lookup: ReturnType<typeof guardedLookup>;
}

function post(url: URL, { headers, body, signal, lookup }: Post): Promise<number> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const length = String(Buffer.byteLength(body));
  const sent = {
    ...headers,
    'content-type': 'application/json',
    'content-length': length,
    'user-agent': 'Vitrine',
  };
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: 'POST', headers: sent, signal, agent: false, lookup },
      (response) => {
        let size = 0;
        const { statusCode = 0 } = response;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > MAX_ANSWER_BYTES) response.destroy();
        });
        response.on('error', reject);
        response.on('close', () => resolve(statusCode));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}
