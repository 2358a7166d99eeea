import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { idSeal } from '../../src/graphql/ids.js';
import { readAiMark } from '../../src/infra/pictures/ai-mark.js';
import { idKey } from '../../src/server.js';
import { SECRET, withApi } from '../support/api.js';
import { as, drawnWorks } from '../support/drawn-works.js';
import { must } from '../support/must.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const api = withApi();
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});
const works = drawnWorks(api);
const made = (input: object, who = world.ada) => works.made(input, who);

test('an export holds marked originals and a line of provenance each, recipes only where they may be read', async () => {
  const own = await made({ brief: 'a red exported disc' });
  const foreign = await made({ brief: 'a blue exported disc', visibility: 'PUBLIC' }, world.bob);
  const secret = await made({ brief: 'a secret exported disc' }, world.bob);
  const job = await works.done('EXPORT', { itemIds: [own, foreign, secret] }, world.ada);
  expect(job).toMatchObject({ status: 'SUCCEEDED', rowsAccepted: 2 });
  const url = must(job.downloadUrl);
  const response = await fetch(api.url + url);
  expect(response.headers.get('content-disposition')).toContain('attachment');
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const lines = strFromU8(must(files['works.jsonl'])).trim().split('\n');
  const rows = lines.map(
    (line) => JSON.parse(line) as { file: string; recipe: object | null; provenance: object },
  );
  expect(rows.map(({ recipe }) => recipe === null)).toEqual([true, false]);
  expect(rows[0]?.provenance).toMatchObject({ origin: 'GENERATED', provider: 'test' });
  const held = createLocalJWKSet(JSON.parse(strFromU8(must(files['keys.json']))) as JSONWebKeySet);
  for (const { file, provenance } of rows) {
    const { manifest } = provenance as { manifest: string };
    expect(Buffer.from(must(files[file])).includes(manifest)).toBe(true);
    const { payload } = await compactVerify(manifest, held); // by another library, with what is in the archive alone
    expect(JSON.parse(Buffer.from(payload).toString())).toMatchObject({
      v: 1,
      model: 'drawn',
      format: 'png',
    });
    expect(api.ports.pictures.checkManifest(must(files[file])).state).toBe('SIGNED');
  }
  for (const { file } of rows) expect(await readAiMark(must(files[file]))).toBe(true);
  expect((await fetch(`${api.url}${url.slice(0, -2)}xx`)).status).toBe(404);
});

test('anybody can ask where a picture comes from, by its bytes or our address; a changed bit is not verified', async () => {
  const itemId = await made({ brief: 'a red verified disc', visibility: 'PUBLIC' });
  const secret = await made({ brief: 'a bars secret', seed: 0 });
  const bytesOf = async (id: string) => {
    const [work] = await api.ports.stores.works.byItemIds([ids.open('Item', id)]);
    return { hash: must(work).contentHash, bytes: must(await api.ports.blobs.get(must(work).contentHash)) };
  };
  const ask = async (bytes: Uint8Array) => {
    const response = await fetch(`${api.url}/verify`, { method: 'POST', body: Buffer.from(bytes) });
    return { status: response.status, ...((await response.json()) as Record<string, unknown>) };
  };
  const { hash, bytes } = await bytesOf(itemId);
  expect(await ask(bytes)).toMatchObject({
    match: 'ORIGINAL',
    verified: true,
    aiMarked: true,
    provenance: { model: 'drawn' },
  });
  const found1 = await api.send('Item', { id: itemId }, as(world.ada));
  const { url } = (found1.data.node as { media: { url: string } }).media;
  const served = new Uint8Array(await (await fetch(api.url + url)).arrayBuffer());
  expect(await ask(served)).toMatchObject({
    match: 'RENDITION',
    verified: true,
    provenance: { contentHash: hash },
  });
  const { data } = await api.query(`{ verifyProvenance(url: "${url}") { contentHash } }`);
  expect(data).toEqual({ verifyProvenance: { contentHash: hash } });
  const flipped = (at: number) => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 1 : byte));
  const inPixels = bytes.length - 30;
  expect(await ask(flipped(inPixels))).toMatchObject({ verified: false, signature: 'CHANGED' });
  const inManifest = Buffer.from(bytes).indexOf('vitrine:Manifest="') + 200;
  expect(await ask(flipped(inManifest))).toMatchObject({ verified: false, signature: 'FORGED' });
  expect(await ask(Buffer.from('no picture'))).toMatchObject({ status: 400 });
  const own = await ask((await bytesOf(secret)).bytes);
  expect(own).toMatchObject({ verified: true, provenance: null }); // what the file says itself, and no more
  expect(JSON.stringify(own)).not.toContain('secret');
});

test('a work’s manifest is checked against its stored bytes, for whoever may see it, and with keys that are published', async () => {
  const itemId = await made({ brief: 'a red signed disc', visibility: 'PUBLIC' });
  const secret = await made({ brief: 'a blue unsigned disc' });
  const verify = async (id: string, headers: Record<string, string> = {}) =>
    (await api.send('VerifyProvenance', { id }, headers)).data.verifyProvenance;
  const { manifest } = (await verify(itemId)) as unknown as { manifest: { jws: string; keyId: string } };
  expect(manifest).toMatchObject({ verified: true, signature: 'SIGNED', why: expect.any(String) as string });
  expect(await verify(secret)).toBeNull();
  expect(await verify(secret, as(world.bob))).toBeNull();
  expect(await verify(secret, as(world.ada))).toMatchObject({ manifest: { verified: true } });
  const keys = (await api.send('ManifestKeys')).data.manifestKeys;
  expect(keys).toEqual([expect.objectContaining({ keyId: manifest.keyId, signsNow: true })]);
  const published = await fetch(`${api.url}/.well-known/vitrine-keys.json`);
  const jwks = createLocalJWKSet((await published.json()) as JSONWebKeySet);
  const { payload } = await compactVerify(manifest.jws, jwks);
  expect(Buffer.from(payload).toString()).not.toContain('signed disc');
  const [work] = await api.ports.stores.works.byItemIds([ids.open('Item', itemId)]);
  const { contentHash } = must(work);
  const bytes = Buffer.from(must(await api.ports.blobs.get(contentHash)));
  bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
  writeFileSync(join(api.home, 'blobs', contentHash.slice(0, 2), contentHash.slice(2)), bytes);
  expect(await verify(itemId)).toMatchObject({ manifest: { verified: false, signature: 'CHANGED' } });
});
