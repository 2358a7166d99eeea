import { signedHeaders } from '../../../../test/support/replicate-server.js';
import { createReplicateWebhooks } from './replicate-webhook.js';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const body = Buffer.from('{"id":"r1","status":"succeeded","output":["https://x/1.png"]}');
const now = new Date('2026-11-27T12:00:00Z');
const check = (headers: Record<string, string>, bytes: Buffer = body, secrets = [SECRET]) =>
  createReplicateWebhooks(secrets)({ header: (name) => headers[name], body: bytes }, now).state;
const signed = (secret = SECRET, at = now) => signedHeaders(secret, body, { id: 'msg_1', at });
const shifted = (seconds: number) => signed(SECRET, new Date(now.getTime() + 1000 * seconds));

test('the signature of the Standard Webhooks example is computed as there', () => {
  const text = '{"test": 2432232314}';
  const at = new Date(1_614_265_330_000);
  expect(signedHeaders(SECRET, text, { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at })['webhook-signature']).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

test('a signed delivery tells whose run it is', () => {
  const verdict = createReplicateWebhooks([SECRET])({ header: (name) => signed()[name], body }, now);
  expect(verdict).toMatchObject({
    state: 'valid',
    deliveryId: 'msg_1',
    runId: 'r1',
    news: { status: 'succeeded' },
  });
});

/** The vectors that users of Standard Webhooks share, and the rest that can go wrong. */
test.each([
  ['without an id', { ...signed(), 'webhook-id': '' }, 'malformed'],
  ['without a time', { ...signed(), 'webhook-timestamp': '' }, 'malformed'],
  ['without a signature', { ...signed(), 'webhook-signature': '' }, 'forged'],
  [
    'with another signature',
    { ...signed(), 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OA=' },
    'forged',
  ],
  ['with half a signature', { ...signed(), 'webhook-signature': 'v1,' }, 'forged'],
  [
    'with a signature of another version',
    { ...signed(), 'webhook-signature': (signed()['webhook-signature'] ?? '').replace('v1', 'v1a') },
    'forged',
  ],
  [
    'with a true one among several signatures',
    { ...signed(), 'webhook-signature': `v1,AAAA v2,x ${signed()['webhook-signature'] ?? ''}` },
    'valid',
  ],
  ['of another secret', signed('whsec_AAAAAAAA'), 'forged'],
  ['with the id of another', { ...signed(), 'webhook-id': 'msg_2' }, 'forged'],
  ['4 min 50 s old', shifted(-290), 'valid'],
  ['5 min 10 s old', shifted(-310), 'stale'],
  ['5 min 10 s from the future', shifted(310), 'stale'],
  ['of 2020', signed(SECRET, new Date('2020-01-01')), 'stale'],
] as const)('a delivery %s is %p', (_, headers, state) => {
  expect(check(headers as Record<string, string>)).toBe(state);
});

test('one changed byte of the body, or the same JSON written differently, is forged', () => {
  for (let i = 0; i < body.length; i++) {
    const changed = Buffer.from(body);
    changed[i] = (changed[i] ?? 0) ^ 1;
    expect(check(signed(), changed)).toBe('forged');
  }
  expect(check(signed(), Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1)))).toBe('forged');
});

test('while secrets are exchanged both are good, afterwards only the new one', () => {
  const [older, newer] = ['whsec_b2xkb2xkb2xk', 'whsec_bmV3bmV3bmV3'];
  expect(check(signed(older), body, [newer, older])).toBe('valid');
  expect(check(signed(newer), body, [newer, older])).toBe('valid');
  expect(check(signed(older), body, [newer])).toBe('forged');
  expect(check(signed(), body, [])).toBe('forged');
});

test('signed bytes that are no run are malformed', () => {
  const odd = Buffer.from('["id"]');
  expect(check(signedHeaders(SECRET, odd, { id: 'msg_1', at: now }), odd)).toBe('malformed');
});
