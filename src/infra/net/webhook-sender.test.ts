import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { INNER_HOSTS } from '../../../test/support/inner-hosts.js';
import type { JobId } from '../../domain/ids.js';
import type { WebhookDelivery, WebhookEndpoint } from '../../domain/webhook.js';
import type { LookupAll } from './guarded-lookup.js';
import { createWebhookSender, signedHeaders } from './webhook-sender.js';

const never = new AbortController().signal;
const now = new Date('2026-11-27T12:00:00Z');
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const publicJobId = (id: JobId) => `public-${id}`;
const delivery = { id: 'd1', news: null, createdAt: now } as unknown as WebhookDelivery;
const endpoint = (url: string, changes: Partial<WebhookEndpoint> = {}) =>
  ({ url, secret: SECRET, previousSecret: null, previousUntil: null, ...changes }) as WebhookEndpoint;
const sender = (options: { allowLoopback?: boolean; lookup?: LookupAll } = {}) =>
  createWebhookSender({ allowLoopback: false, publicJobId, ...options });

/** A receiver on loopback that answers as it is told. */
async function receiver(status: number, headers: Record<string, string> = {}) {
  const got: { headers: IncomingHttpHeaders; body: string; url: string | undefined }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body, url: request.url });
      response.writeHead(status, headers).end('x'.repeat(100_000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => new Promise((resolve) => server.close(resolve));
  return { got, port, url: `http://127.0.0.1:${port}/hook`, close };
}

test('signatures are those of the Standard Webhooks example, one for each secret', () => {
  const at = new Date(1_614_265_330_000);
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const headers = signedHeaders([SECRET, 'whsec_b2xkb2xkb2xk'], '{"test": 2432232314}', { id, at });
  const [first, second, ...rest] = (headers['webhook-signature'] ?? '').split(' ');
  expect(first).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  expect(second).toMatch(/^v1,[\w+/]{43}=$/);
  expect(second).not.toBe(first);
  expect(rest).toEqual([]);
});

test('a new secret has 256 bits of chance', () => {
  const secrets = Array.from({ length: 20 }, () => sender().newSecret());
  expect(new Set(secrets).size).toBe(20);
  for (const secret of secrets) expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
});

test('the receiver gets the signed bytes; a long answer is cut off', async () => {
  const there = await receiver(200);
  const status = await sender({ allowLoopback: true }).send(
    { delivery, endpoint: endpoint(there.url) },
    now,
    never,
  );
  expect(status).toBe(200);
  const [got] = there.got;
  expect(got?.headers).toMatchObject({
    'content-type': 'application/json',
    ...signedHeaders([SECRET], got?.body ?? '', { id: 'msg_d1', at: now }),
  });
  expect(JSON.parse(got?.body ?? '')).toEqual({
    type: 'webhook.test',
    timestamp: now.toISOString(),
    data: {},
  });
  await there.close();
});

test('during an exchange both secrets sign, afterwards the new one alone', async () => {
  const there = await receiver(200);
  const exchanged = { previousSecret: 'whsec_b2xkb2xkb2xk', previousUntil: new Date(now.getTime() + 1) };
  const to = endpoint(there.url, exchanged);
  await sender({ allowLoopback: true }).send({ delivery, endpoint: to }, now, never);
  await sender({ allowLoopback: true }).send({ delivery, endpoint: to }, new Date(now.getTime() + 1), never);
  const counts = there.got.map(({ headers }) => String(headers['webhook-signature']).split(' ').length);
  expect(counts).toEqual([2, 1]);
  await there.close();
});

test('a redirect is not followed', async () => {
  const [other, there] = [await receiver(200), await receiver(307, { location: '/elsewhere' })];
  const away = await receiver(302, { location: other.url });
  const send = (url: string) =>
    sender({ allowLoopback: true }).send({ delivery, endpoint: endpoint(url) }, now, never);
  expect(await send(there.url)).toBe(307);
  expect(await send(away.url)).toBe(302);
  expect(there.got.map(({ url }) => url)).toEqual(['/hook']);
  expect(other.got).toEqual([]);
  await Promise.all([other, there, away].map(({ close }) => close()));
});

const HOSTILE = [
  ...['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd', 'data:text/plain,x', 'x', ''],
  ...['https://user:pass@example.com/', `https://example.com/${'x'.repeat(2_000)}`],
  ...INNER_HOSTS.map((host) => `https://${host}/`),
  ...INNER_HOSTS.slice(0, 8).map((host) => `https://${host}:8443/hook?to=1`),
];

test(`${HOSTILE.length} hostile addresses are refused when they are registered and again when they are used`, async () => {
  const refused = { code: 'INVALID_INPUT', path: ['input', 'url'] };
  for (const url of HOSTILE) {
    expect(() => sender().check(url)).toThrow(expect.objectContaining(refused) as Error);
    await expect(sender().send({ delivery, endpoint: endpoint(url) }, now, never)).rejects.toMatchObject(
      refused,
    );
  }
  expect(() => sender().check('https://hooks.example.com/vitrine?x=1')).not.toThrow();
});

test('a name that leads inside, from the start or only later, is never connected to', async () => {
  const there = await receiver(200);
  const answers = [['127.0.0.1'], ['93.184.216.34', '10.0.0.1'], ['::ffff:127.0.0.1']];
  for (const addresses of answers) {
    const lookup: LookupAll = (_name, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    const url = `https://rebind.example:${there.port}/`;
    await expect(sender({ lookup }).send({ delivery, endpoint: endpoint(url) }, now, never)).rejects.toThrow(
      'is an inner one',
    );
  }
  expect(there.got).toEqual([]);
  await there.close();
});

test('loopback is allowed by the setting alone, and http only there', () => {
  const local = sender({ allowLoopback: true });
  for (const url of ['http://127.0.0.1:9/', 'http://localhost:9/', 'http://[::1]:9/', 'https://127.0.0.1/'])
    expect(() => local.check(url)).not.toThrow();
  for (const url of [
    'http://example.com/',
    'http://10.0.0.1/',
    'https://192.168.0.1/',
    'https://169.254.169.254/',
  ])
    expect(() => local.check(url)).toThrow('url:');
});
