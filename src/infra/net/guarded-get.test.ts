import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
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

/** Every way that is known to write or to name an inner address. */
const LITERALS = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '0',
    '0.0.0.0',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '017700000001',
    '0177.0.0.1',
  ],
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.254',
    '192.168.0.1',
    '192.168.1.1',
    '3232235777',
    '0xc0a80101',
  ],
  ...[
    '169.254.169.254',
    '169.254.170.2',
    '2852039166',
    '0xa9fea9fe',
    '100.64.0.1',
    '100.100.100.200',
    '192.0.0.192',
  ],
  ...[
    '198.18.0.1',
    '224.0.0.1',
    '239.255.255.250',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.9',
  ],
  ...[
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:169.254.169.254]',
    '[::127.0.0.1]',
    '[0:0:0:0:0:0:0:1]',
  ],
  ...[
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[fe80::1]',
    '[ff02::1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
  ],
  ...['[::ffff:a00:1]', '[100::1]', '[2001:db8::1]', '[fec0::1]', '①②⑦.⓪.⓪.①', '127。0。0。1'],
];
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

test(`no connection is made to ${LITERALS.length + NAMES.length + SCHEMES.length} hostile addresses`, async () => {
  let connections = 0;
  const trap = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => trap.listen(0, resolve));
  const { port } = trap.address() as AddressInfo;
  const urls = [...LITERALS, ...NAMES].map((host) => `https://${host}:${port}/x.png`).concat(SCHEMES);
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
