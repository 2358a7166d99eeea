import { randomBytes, randomUUID } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import sharp from 'sharp';
import { seededRandom } from '../../src/domain/random.js';
import { idSeal } from '../../src/graphql/ids.js';
import { aiMark, readAiMark } from '../../src/infra/pictures/ai-mark.js';
import { createReplicateMaker } from '../../src/infra/providers/images/replicate.js';
import { createReferenceUrls } from '../../src/infra/storage/reference-urls.js';
import { idKey } from '../../src/server.js';
import { SECRET, withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { lazyMaker, workOn } from '../support/pictures-by.js';
import {
  REPLICATE_TEST_TOKEN,
  startReplicateServer,
  type ReplicateServer,
} from '../support/replicate-server.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

let provider: ReplicateServer;
const api = withApi({
  imageMaker: lazyMaker(() =>
    createReplicateMaker({
      token: REPLICATE_TEST_TOKEN,
      baseUrl: provider.baseUrl,
      models: {},
      webhook: null,
    }),
  ),
  limits: { pointsPerMinute: 1e9 },
});
const ids = idSeal(idKey(SECRET));
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});
beforeEach(async () => {
  provider = await startReplicateServer();
});
afterEach(() => provider.close());

const as = ({ externalId }: { externalId: string }) => ({ 'x-vitrine-person': externalId });
const CONSENT =
  'I agree that this picture of me is stored and sent to Replicate to make the pictures I ask for.';
const begin = async (changes: object = {}, who = world.ada) => {
  const input = {
    idempotencyKey: randomUUID(),
    role: 'PERSON',
    consentText: CONSENT,
    agreed: true,
    ...changes,
  };
  return (await api.send('CreateUpload', { input }, as(who))).data.createUpload;
};
const put = (url: string, bytes: Uint8Array) =>
  fetch(`${api.url}${url}`, {
    method: 'PUT',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'image/jpeg' },
  });
const photo = () =>
  sharp({ create: { width: 300, height: 200, channels: 3, background: '#aa5522' } })
    .jpeg()
    .withExif({
      IFD0: { Artist: 'Ada Lovelace', Model: 'Phone 9' },
      IFD3: { GPSLatitude: '51/1 30/1 0/1', GPSLatitudeRef: 'N' },
    });
const uploaded = async (role = 'PERSON', who = world.ada) => {
  const { reference, uploadUrl } = await begin({ role }, who);
  expect((await put(uploadUrl, await photo().toBuffer())).status).toBe(204);
  return reference.id;
};
const shelf = (sealed: string) => api.ports.references.get(ids.open('ReferencePicture', sealed));
const remove = async (id: string, who = world.ada, idempotencyKey = randomUUID()) =>
  (await api.send('DeleteReferencePicture', { id, idempotencyKey }, as(who))).data.deleteReferencePicture;
const tryOn = async (person: string, garment: string, who = world.ada) => {
  const reference = [
    { id: person, role: 'PERSON' },
    { id: garment, role: 'GARMENT' },
  ];
  const input = { idempotencyKey: randomUUID(), kind: 'TRY_ON', brief: 'a blue coat', reference };
  return (await api.send('Generate', { input }, as(who))).data.generate;
};

test('without consent there is no place to send a picture to', async () => {
  expect(await begin({ agreed: false })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['input', 'agreed'],
  });
  expect(await begin({ consentText: ' ' })).toMatchObject({ path: ['input', 'consentText'] });
});

test('what was agreed to, and when, is kept with the picture; a key gives one place', async () => {
  const idempotencyKey = randomUUID();
  const [first, again] = [await begin({ idempotencyKey }), await begin({ idempotencyKey })];
  expect([again.replayed, again.reference.id]).toEqual([true, first.reference.id]);
  expect(await begin({ idempotencyKey, role: 'GARMENT' })).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  await put(first.uploadUrl, await photo().toBuffer());
  const { data } = await api.send('ReferencePictures', {}, as(world.ada));
  const mine = data.viewer.referencePictures.find(({ id }) => id === first.reference.id);
  expect(mine).toMatchObject({ consentText: CONSENT, width: 300, height: 200, aiMarked: false });
  const theirs = await api.send('ReferencePictures', {}, as(world.bob));
  expect(theirs.data.viewer.referencePictures).toEqual([]);
});

test('EXIF, GPS and the original file are gone; a mark that a model made it stays', async () => {
  const original = await photo().toBuffer();
  expect((await sharp(original).metadata()).exif).toBeDefined();
  const stored = must(await shelf(await uploaded()));
  const { exif, xmp, iptc, format } = await sharp(stored).metadata();
  expect([exif, xmp, iptc, format]).toEqual([undefined, undefined, undefined, 'png']);
  for (const word of ['Ada Lovelace', 'Phone 9', 'GPS'])
    expect(Buffer.from(stored).includes(word)).toBe(false);
  const { reference, uploadUrl } = await begin();
  await put(uploadUrl, await photo().withXmp(aiMark('some model')).toBuffer());
  const marked = must(await shelf(reference.id));
  expect(await readAiMark(marked)).toBe(true);
  expect((await sharp(marked).metadata()).exif).toBeUndefined();
});

test('the address takes one picture, until it runs out, and for this place only', async () => {
  const [one, other] = [await begin(), await begin()];
  const bytes = await photo().toBuffer();
  const [path = '', query = ''] = one.uploadUrl.split('?');
  const changed = [
    `${other.uploadUrl.split('?')[0] ?? ''}?${query}`,
    `${path}?${query.replace(/e=\d/, 'e=9')}`,
    `${path}?${query.replace(/s=./, 's=_')}x`,
    path,
    '/uploads/..%2f..%2fsecret?e=1&s=x',
  ];
  for (const url of changed) expect((await put(url, bytes)).status).toBe(404);
  expect((await put(one.uploadUrl, bytes)).status).toBe(204);
  expect((await put(one.uploadUrl, bytes)).status).toBe(422);
  const soon = new Date(Date.now() + 1_200);
  const late = createReferenceUrls(SECRET).upload.sign(
    ids.open('ReferencePicture', other.reference.id),
    soon,
  );
  await new Promise((resolve) => setTimeout(resolve, 2_300));
  expect((await put(late, bytes)).status).toBe(404);
});

test('its owner sees a picture small, at any visit; an address is for that alone, and ends with the picture', async () => {
  const waiting = await begin();
  const id = await uploaded();
  const { data } = await api.send('ReferencePictures', {}, as(world.ada));
  const of = (wanted: string) =>
    data.viewer.referencePictures.find((reference) => reference.id === wanted)?.thumbnailUrl;
  expect(of(waiting.reference.id)).toBeNull();
  const url = must(of(id));
  const shown = await fetch(`${api.url}${url}`);
  expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
  expect(shown.headers.get('cache-control')).toMatch(/^private/);
  const { width, height, exif } = await sharp(await shown.arrayBuffer()).metadata();
  expect([width, height, exif]).toEqual([160, 107, undefined]);
  const [path = '', query = ''] = url.split('?');
  const others = [
    path,
    url.replace(/e=\d/, 'e=9'),
    `${path}?${query.replace(/s=./, 's=_')}x`,
    waiting.uploadUrl.replace('/uploads/', '/reference-thumbnails/'),
    createReferenceUrls(SECRET).thumbnail.sign(
      ids.open('ReferencePicture', id),
      new Date(Date.now() - 1_000),
    ),
  ];
  for (const other of others) expect((await fetch(`${api.url}${other}`)).status).toBe(404);
  const bytes = await photo().toBuffer();
  expect((await put(url.replace('/reference-thumbnails/', '/uploads/'), bytes)).status).toBe(404);
  await remove(id);
  expect((await fetch(`${api.url}${url}`)).status).toBe(404);
});

/** A PNG that says it has 30,000 x 30,000 pixels. */
function hugePng(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const header = Buffer.from([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30, 1, 0, 0, 0, 0]);
  const body = deflateSync(Buffer.alloc(1_000_000));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', body),
  ]);
}

/** Files that are no single whole picture of a size that may be. */
async function bombs(): Promise<Buffer[]> {
  const jpeg = await photo().toBuffer();
  const raw = { width: 8, height: 800, channels: 3, pageHeight: 8 } as const;
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="30000" height="30000"><rect width="30000" height="30000"/></svg>';
  const large = sharp({ create: { width: 6_000, height: 6_000, channels: 3, background: 'red' } });
  return [
    ...[Buffer.from(svg), hugePng(), await large.png().toBuffer()],
    await sharp(randomBytes(3 * 8 * 800), { raw })
      .gif()
      .toBuffer(),
    ...[Buffer.alloc(0), Buffer.from('GIF89a'), Buffer.from('<script>')],
    ...[jpeg.subarray(0, jpeg.length / 2), Buffer.concat([Buffer.from('%PDF-1.7\n'), jpeg])],
  ];
}

test('decoder bombs and other formats are refused in 200 ms and 100 MB, and the server answers on', async () => {
  const files = await bombs();
  const before = process.memoryUsage().rss;
  const [processorTimes, memory]: [number[], number[]] = [[], []];
  for (const bytes of files) {
    const { uploadUrl, reference } = await begin({ role: 'GARMENT' }, world.bob);
    const processor = process.cpuUsage();
    expect((await put(uploadUrl, bytes)).status).toBe(422);
    const { user, system } = process.cpuUsage(processor);
    processorTimes.push((user + system) / 1000);
    memory.push(process.memoryUsage().rss - before);
    expect(await shelf(reference.id)).toBeNull();
    await remove(reference.id, world.bob);
  }
  expect(Math.max(...processorTimes)).toBeLessThan(200); // of the processor, whatever else this machine does
  expect(Math.max(...memory)).toBeLessThan(100e6);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
});

test.each(['jpeg', 'png', 'webp', 'avif'] as const)('50 broken %s files are refused', async (format) => {
  const random = seededRandom(`broken ${format}`);
  const whole = await photo().toFormat(format).toBuffer();
  for (let i = 0; i < 50; i++) {
    const bytes = Buffer.from(whole.subarray(0, whole.length - random.int(whole.length - 16)));
    for (let k = 0; k < 20; k++) bytes[12 + random.int(bytes.length - 12)] = random.int(256);
    const cleaned = api.ports.pictures.cleanUpload(bytes);
    await expect(cleaned).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  }
});

test('of a picture that is an archive as well only the picture is kept', async () => {
  const { reference, uploadUrl } = await begin();
  const archive = Buffer.from(zipSync({ 'secret.txt': strToU8('hidden words') }));
  expect((await put(uploadUrl, Buffer.concat([await photo().toBuffer(), archive]))).status).toBe(204);
  const stored = Buffer.from(must(await shelf(reference.id)));
  for (const word of ['PK\u0003\u0004', 'secret.txt', 'hidden words'])
    expect(stored.includes(word)).toBe(false);
});

test('more than 20 MB is refused before it is looked at', async () => {
  const { uploadUrl } = await begin();
  expect((await put(uploadUrl, Buffer.alloc(20_000_001))).status).toBe(413);
});

test('try-on: both pictures go to the provider as files and are taken back; the work says who made it', async () => {
  const result = await tryOn(await uploaded('PERSON'), await uploaded('GARMENT'));
  expect(result).toMatchObject({ __typename: 'GeneratePayload', job: { cost: { reserved: 0.025 } } });
  await workOn(api.ports, result.job.id);
  const { data } = await api.send('Job', { id: result.job.id }, as(world.ada));
  expect(data.job).toMatchObject({ status: 'SUCCEEDED', cost: { charged: 0.025 } });
  const [work] = await api.ports.stores.works.byJobs([ids.open('Job', result.job.id)]);
  expect(work).toMatchObject({
    kind: 'TRY_ON',
    recipe: { provider: 'replicate', model: 'cuuupid/idm-vton' },
  });
  expect(provider.requests.filter((line) => line === 'POST /v1/files')).toHaveLength(2);
  expect(provider.files.size).toBe(0);
});

test('nobody else sees, uses or deletes it; a picture is used only for what it was given as', async () => {
  const [person, garment] = [await uploaded('PERSON'), await uploaded('GARMENT')];
  expect(await tryOn(person, garment, world.bob)).toMatchObject({
    __typename: 'InvalidInput',
    code: 'NOT_FOUND',
  });
  expect(await tryOn(garment, person)).toMatchObject({ code: 'NOT_FOUND' });
  expect(await remove(person, world.bob)).toMatchObject({ code: 'NOT_FOUND' });
  const seen = await api.query(`{ node(id: "${person}") { id } }`, as(world.bob));
  expect(seen.data).toEqual({ node: null });
  const own = await api.query(`{ node(id: "${person}") { id } }`, as(world.ada));
  expect(own.data).toEqual({ node: { id: person } });
  const { reference } = await begin(); // its bytes never came
  expect(await tryOn(reference.id, garment)).toMatchObject({ code: 'NOT_FOUND' });
});

test('deleting takes row and bytes, and a job that waits with it sends nothing', async () => {
  const [person, garment] = [await uploaded('PERSON'), await uploaded('GARMENT')];
  const { job } = await tryOn(person, garment);
  const key = randomUUID();
  expect(await remove(person, world.ada, key)).toMatchObject({ replayed: false });
  expect(await remove(person, world.ada, key)).toMatchObject({ replayed: true });
  expect(await shelf(person)).toBeNull();
  expect(
    await api.database.query('SELECT 1 FROM reference_picture WHERE id = $1', [
      ids.open('ReferencePicture', person),
    ]),
  ).toEqual([]);
  await workOn(api.ports, job.id);
  const { data } = await api.send('Job', { id: job.id }, as(world.ada));
  expect(data.job).toMatchObject({
    status: 'FAILED',
    failure: { code: 'NOT_FOUND' },
    cost: { charged: 0, refunded: 0.025 },
  });
  expect(provider.requests).toEqual([]);
});
