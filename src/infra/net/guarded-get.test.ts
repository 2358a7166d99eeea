import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { INNER_HOSTS } from '../../../test/support/inner-hosts.js';
import { guardedGet } from './guarded-get.js';
import type { LookupAll } from './guarded-lookup.js';

const never = new AbortController().signal;
const resolvesTo =
  (...answers: string[][]): LookupAll =>
  (_name, _options, callback) => {
    const addresses = answers.length > 1 ? answers.shift() : answers[0];
    callback(
      null,
      (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };

const NAMES = [
  'localhost',
  'metadata.google.internal',
  'intranet',
  'db',
  'rebind.example',
  'a.b.c.localtest.me',
  'xip.example',
];
const SCHEMES = [
  'http://example.com/',
  'file:///etc/passwd',
  'ftp://example.com/',
  'data:image/png,x',
  'https://user:pass@example.com/',
];

test(`no connection is made to ${INNER_HOSTS.length + NAMES.length + SCHEMES.length} hostile addresses`, async () => {
  let connections = 0;
  const trap = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => trap.listen(0, resolve));
  const { port } = trap.address() as AddressInfo;
  const urls = [...INNER_HOSTS, ...NAMES].map((host) => `https://${host}:${port}/x.png`).concat(SCHEMES);
  expect(urls.length).toBeGreaterThanOrEqual(60);
  const lookup = resolvesTo(['127.0.0.1']);
  for (const url of urls)
    await expect(guardedGet(new URL(url), { signal: never, maxBytes: 1_000, lookup })).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      retryable: false,
    });
  expect(connections).toBe(0);
  trap.close();
});

test('one inner address among public ones is refused, whichever is tried first', async () => {
  const lookup = resolvesTo(['93.184.216.34', '10.0.0.1']);
  const got = guardedGet(new URL('https://mixed.example/x.png'), { signal: never, maxBytes: 1_000, lookup });
  await expect(got).rejects.toThrow('10.0.0.1 is an inner one');
});

test('a name is looked up once, so that a second answer cannot lead elsewhere', async () => {
  let lookups = 0;
  const lookup: LookupAll = (_name, _options, callback) => {
    lookups += 1;
    // TEST-NET-3 would be refused, so that a public one which nobody answers; the abort ends the attempt
    callback(null, [{ address: lookups === 1 ? '93.184.216.34' : '127.0.0.1', family: 4 }]);
  };
  const signal = AbortSignal.timeout(300);
  await expect(
    guardedGet(new URL('https://rebind.example/x.png'), { signal, maxBytes: 1_000, lookup }),
  ).rejects.toThrow();
  expect(lookups).toBe(1);
});
