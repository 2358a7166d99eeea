import { SignJWT } from 'jose';
import type { Person } from '../domain/person.js';
import { authenticate } from './auth.js';
import { sessions } from './sessions.js';

const now = new Date('2026-05-01T12:00:00Z');
const tokenSecret = 'a token secret of at least 32 characters';
const nobody = { bearer: null, session: null, demoPerson: null };
const ada = { externalId: 'ada', kind: 'SIMULATED' } as Person;
const bob = { externalId: 'bob', kind: 'KNOWN' } as Person;
const ports = {
  clock: { now: () => now },
  stores: {
    people: {
      byExternalId: (id: string) =>
        Promise.resolve([ada, bob].find(({ externalId }) => externalId === id) ?? null),
      ensure: (person: Person) => Promise.resolve(person),
    },
  },
} as unknown as Parameters<typeof authenticate>[1];

const ask = (development: boolean, credentials: Partial<typeof nobody> | Record<string, string>) =>
  authenticate({ development, tokenSecret, sessions: sessions('s') }, ports, { ...nobody, ...credentials });
const token = (claims: object, { secret = tokenSecret, expires = '10m' } = {}) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt(now)
    .setExpirationTime(expires === '10m' ? new Date(now.getTime() + 600_000) : new Date(now.getTime() - 1000))
    .sign(new TextEncoder().encode(secret));

test('in production a token names the person and the scopes, and nothing else does', async () => {
  const caller = await ask(true, { bearer: await token({ sub: 'bob', scope: 'VIEWER ANALYST' }) });
  expect([...caller.scopes]).toEqual(['PUBLIC', 'VIEWER', 'ANALYST']);
  expect(await caller.person?.()).toBe(bob);
  const stranger = await ask(false, { session: sessions('s').open().token });
  expect([[...stranger.scopes], stranger.person]).toEqual([['PUBLIC'], null]);
});

test.each([
  ['another secret', () => token({ sub: 'bob' }, { secret: 'another secret of at least 32 characters' })],
  ['an expiry in the past', () => token({ sub: 'bob' }, { expires: 'past' })],
  ['no subject', () => token({})],
  ['no token at all', () => Promise.resolve('x.y.z')],
])('a token with %s is refused', async (_, make) => {
  await expect(make().then((bearer) => ask(false, { bearer }))).rejects.toMatchObject({
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
});

test('in development a guest session is made once and then kept', async () => {
  const first = await ask(true, {});
  const again = await ask(true, { session: first.newSession ?? '' });
  expect(again.newSession).toBeNull();
  expect((await again.person?.())?.externalId).toBe((await first.person?.())?.externalId);
  const forged = await ask(true, { session: `${(first.newSession ?? '').slice(0, -2)}xx` });
  expect(forged.newSession).not.toBeNull();
});

test('only simulated people can be looked through, and only in development', async () => {
  expect(await (await ask(true, { demoPerson: 'ada' })).person?.()).toBe(ada);
  await expect(ask(true, { demoPerson: 'bob' })).rejects.toMatchObject({
    extensions: { http: { status: 400 } },
  });
  await expect(ask(false, { demoPerson: 'ada' })).rejects.toMatchObject({
    extensions: { http: { status: 403 } },
  });
});
