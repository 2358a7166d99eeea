import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedHeaders } from './replicate-server.js';

export interface ReceivedWebhook {
  readonly id: string;
  readonly body: string;
  readonly event: {
    readonly type: string;
    readonly timestamp: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly signatures: readonly string[];
  /** What a secret signs for this request, computed here. */
  readonly signedBy: (secret: string) => string;
}

/** A receiver on loopback. It answers with the statuses in `answers`, one each, then 204 to everybody. */
export async function startWebhookReceiver() {
  const got: ReceivedWebhook[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const header = (name: string) => String(request.headers[name] ?? '');
      const [id, body] = [header('webhook-id'), Buffer.concat(parts).toString('utf8')];
      const at = new Date(1000 * Number(header('webhook-timestamp')));
      got.push({
        ...{ id, body, event: JSON.parse(body) as ReceivedWebhook['event'] },
        signatures: header('webhook-signature').split(' '),
        signedBy: (secret) => signedHeaders(secret, body, { id, at })['webhook-signature'] ?? '',
      });
      const status = answers.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...{ got, answers, url: `http://127.0.0.1:${port}/hook` },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
