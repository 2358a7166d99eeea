import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { keySet } from '../../flow/key-set.js';
import { createManifestKeys } from './manifest-keys.js';
import { keyText, localKeys, newKey, parseKeys, replaceLocalKeys, rotated } from './stored-keys.js';

const PAYLOAD = '{"v":1,"contentHash":"é"}';

test('the key of RFC 8037, appendix A, has the published key, the thumbprint and the signature of that document', () => {
  const [key] = parseKeys(['sk_nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A']);
  const keys = createManifestKeys(key ? [key] : []);
  expect(keys.published).toEqual([
    {
      kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
      signsNow: true,
    },
  ]);
});

test('another library checks what we signed, with nothing but the published keys', async () => {
  const keys = createManifestKeys([newKey()]);
  const { payload, protectedHeader } = await compactVerify(
    keys.sign(PAYLOAD),
    createLocalJWKSet(keySet(keys.published) as JSONWebKeySet),
  );
  expect(Buffer.from(payload).toString('utf8')).toBe(PAYLOAD);
  expect(protectedHeader).toEqual({ alg: 'EdDSA', kid: keys.published[0]?.kid });
});

test('each letter of a signed text that is another one makes it forged, or of an unknown key', () => {
  const keys = createManifestKeys([newKey()]);
  const jws = keys.sign(PAYLOAD);
  expect(keys.check(jws)).toEqual({ state: 'valid', keyId: keys.published[0]?.kid, payload: PAYLOAD });
  const letters = Array.from(jws);
  letters.forEach((letter, i) => {
    const other = letter === 'A' ? 'B' : 'A';
    const changed = [...letters.slice(0, i), other, ...letters.slice(i + 1)].join('');
    expect(keys.check(changed).state).not.toBe('valid');
  });
  expect(keys.check(`${jws}.x`).state).toBe('forged');
  expect(keys.check('').state).toBe('forged');
});

test('a text that decodes to the same signature but is written otherwise is forged', () => {
  const keys = createManifestKeys([newKey()]);
  const jws = keys.sign(PAYLOAD);
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = digits.indexOf(jws.at(-1) ?? '');
  const twin = jws.slice(0, -1) + (digits[last ^ 1] ?? '');
  const bytesOf = (text: string) => Buffer.from(text.split('.')[2] ?? '', 'base64url');
  expect(bytesOf(twin)).toEqual(bytesOf(jws));
  expect(keys.check(twin).state).toBe('forged');
});

test('an unsigned or otherwise signed header is not accepted', () => {
  const keys = createManifestKeys([newKey()]);
  const [, payload = '', signature = ''] = keys.sign(PAYLOAD).split('.');
  for (const alg of ['none', 'HS256', 'ES256']) {
    const header = Buffer.from(JSON.stringify({ alg, kid: keys.published[0]?.kid })).toString('base64url');
    expect(keys.check(`${header}.${payload}.${signature}`).state).toBe('forged');
  }
});

test('keys are made once and kept for their owner; after a rotation the old one checks and cannot sign', async () => {
  const home = await mkdtemp(join(tmpdir(), 'keys-'));
  try {
    const first = await localKeys(home);
    expect(await localKeys(home)).toEqual(first);
    const signed = createManifestKeys(first).sign(PAYLOAD);
    await replaceLocalKeys(home, rotated(first));
    const next = await localKeys(home);
    expect(next.map(({ kind }) => kind)).toEqual(['private', 'public']);
    expect(next.map(keyText).join()).not.toContain(keyText(first[0] ?? newKey()));
    const keys = createManifestKeys(next);
    expect(keys.check(signed).state).toBe('valid');
    expect(keys.check(keys.sign(PAYLOAD)).keyId).not.toBe(keys.check(signed).keyId);
    expect((await stat(join(home, 'signing-keys'))).mode & 0o077).toBe(0);
    expect(() => createManifestKeys(next.slice(1))).toThrow('private key in the first place');
    expect(() => parseKeys(['sk_short'])).toThrow('signing key 1');
  } finally {
    await rm(home, { recursive: true });
  }
});
