import express, { type Express } from 'express';
import { recordRunNews, type RunDelivery } from '../flow/record-run-news.js';
import type { Ports } from '../flow/ports.js';

/** Checks what came; wire.ts makes one per provider that calls back. */
export type WebhookCheck = (
  received: { readonly header: (name: string) => string | undefined; readonly body: Uint8Array },
  now: Date,
) =>
  | ({ readonly state: 'valid' } & Omit<RunDelivery, 'provider'>)
  | { readonly state: 'forged' | 'stale' | 'malformed' };

const MAX_BYTES = 5_000_000;

/** `POST /webhooks/<provider>`: 204 for what was written or came before, 401 for everything that is not surely from there. */
export function receiveWebhooks(
  app: Express,
  { transaction, clock, log }: Pick<Ports, 'transaction' | 'clock' | 'log'>,
  checks: Readonly<Record<string, WebhookCheck>>,
): void {
  // no decompression: the signature is over the bytes that came, and a small bomb stays small
  const raw = express.raw({ limit: MAX_BYTES, type: () => true, inflate: false });
  for (const [provider, check] of Object.entries(checks)) {
    app.post(`/webhooks/${provider}`, raw, async (request, response) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const verdict = check({ header: (name) => request.get(name), body }, clock.now());
      if (verdict.state !== 'valid') {
        log('webhook.refused', { provider, state: verdict.state });
        response.status(401).end();
        return;
      }
      await recordRunNews({ transaction, clock }, { provider, ...verdict });
      response.status(204).end();
    });
  }
}
