import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { MediaHash } from '../../domain/ids.js';
import { PICTURE_FORMATS, PICTURE_WIDTHS, type RawPicture } from '../../domain/media.js';
import type { PicturePipeline } from '../../flow/ports.js';
import { createDiskBlobs } from '../storage/disk-blobs.js';
import { createRenditionIndex } from '../storage/rendition-index.js';
import { createManifestKeys } from '../signing/manifest-keys.js';
import { newKey, rotated } from '../signing/stored-keys.js';
import { readAiMark } from './ai-mark.js';
import { createSharpPipeline } from './sharp-pipeline.js';

let folder: string;
let pipeline: PicturePipeline;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'pictures-'));
  const blobs = createDiskBlobs(path.join(folder, 'blobs'));
  pipeline = createSharpPipeline({
    blobs,
    renditions: createRenditionIndex(path.join(folder, 'renditions')),
    keys: createManifestKeys([newKey()]),
  });
});
afterAll(() => rm(folder, { recursive: true }));

/** A red disc on white. */
function redDisc(side: number): RawPicture {
  const data = new Uint8Array(side * side * 3).fill(255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (Math.hypot(x - side / 2, y - side / 2) < side / 3) data.set([220, 30, 30], (y * side + x) * 3);
    }
  }
  return { width: side, height: side, channels: 3, data };
}

const origin = {
  ...{ provider: 'test', model: 'disc <"2"> & co', recipe: '0'.repeat(64) },
  madeAt: '2026-03-01T12:00:00.000Z',
};
const facts = { alt: 'A red disc', origin };
const unsigned = Buffer.from('no picture at all');
const apple = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="0 0 32 32">' +
    '<circle cx="16" cy="16" r="12" fill="#d22"/><rect x="15" y="1" width="2" height="5" fill="#753"/></svg>',
);

test('a generated picture is marked and signed in its original and in every size of every format', async () => {
  const { media, manifest } = await pipeline.publishGenerated(redDisc(512), facts);
  expect(media).toMatchObject({ width: 512, height: 512, format: 'png', aiMarked: true, alt: 'A red disc' });
  const original = await readFile(path.join(folder, 'blobs', media.hash.slice(0, 2), media.hash.slice(2)));
  expect(pipeline.checkManifest(original)).toMatchObject({
    state: 'SIGNED',
    manifest: { ...origin, original: null, format: 'png', width: 512 },
  });
  expect(original.includes(manifest)).toBe(true);
  for (const width of PICTURE_WIDTHS) {
    for (const format of PICTURE_FORMATS) {
      const bytes = (await pipeline.rendition(media, width, format)) ?? new Uint8Array();
      const { format: found, width: foundWidth } = await sharp(bytes).metadata();
      expect([found, foundWidth]).toEqual([format === 'avif' ? 'heif' : format, width]);
      expect(await readAiMark(bytes)).toBe(true);
      expect(pipeline.checkManifest(bytes)).toMatchObject({
        state: 'SIGNED',
        manifest: { original: media.hash, format, width },
      });
    }
  }
});

test('sizes that are made anew, after the index was lost and the key was changed, are marked and signed as well', async () => {
  const old = newKey();
  const shelves = {
    blobs: createDiskBlobs(path.join(folder, 'other-blobs')),
    renditions: createRenditionIndex(path.join(folder, 'none')),
  };
  const before = createSharpPipeline({ ...shelves, keys: createManifestKeys([old]) });
  const { media } = await before.publishGenerated(redDisc(64), facts);
  await shelves.renditions.forget(media.hash);
  const rotatedKeys = createManifestKeys(rotated([old]));
  const after = createSharpPipeline({ ...shelves, keys: rotatedKeys });
  for (const format of PICTURE_FORMATS) {
    const bytes = (await after.rendition(media, 64, format)) ?? unsigned;
    expect(await readAiMark(bytes)).toBe(true);
    expect(after.checkManifest(bytes)).toMatchObject({
      state: 'SIGNED',
      keyId: rotatedKeys.published[0]?.kid,
    });
  }
  const stranger = createSharpPipeline({ ...shelves, keys: createManifestKeys([newKey()]) });
  await shelves.renditions.forget(media.hash);
  const bytes = (await stranger.rendition(media, 64, 'webp')) ?? unsigned;
  expect(await readAiMark(bytes)).toBe(true);
  expect(stranger.checkManifest(bytes)).toMatchObject({ state: 'NO_MANIFEST' }); // it signs nothing that it cannot check
});

test('what somebody crops, converts or enlarges with its metadata keeps the mark and is no longer as it was signed', async () => {
  const { media } = await pipeline.publishGenerated(redDisc(128), facts);
  const bytes = (await pipeline.rendition(media, 128, 'png')) ?? unsigned;
  const kept = () => sharp(bytes).keepXmp();
  const changed = [
    kept().extract({ left: 8, top: 8, width: 90, height: 90 }).png(),
    kept().webp({ quality: 70 }),
    kept().jpeg(),
    kept().avif({ effort: 1 }),
    kept().resize(200).png(),
  ];
  for (const picture of changed) {
    const file = await picture.toBuffer();
    expect(await readAiMark(file)).toBe(true);
    expect(pipeline.checkManifest(file).state).not.toBe('SIGNED');
  }
  const uploaded = await pipeline.cleanUpload(bytes);
  expect(uploaded.aiMarked).toBe(true);
  expect(await readAiMark(uploaded.bytes)).toBe(true);
});

test('a preview is marked as well', async () => {
  const media = await pipeline.publishPreview(redDisc(32), 'Preview');
  expect(media.aiMarked).toBe(true);
  for (const format of PICTURE_FORMATS) {
    expect(await readAiMark((await pipeline.rendition(media, 64, format)) ?? new Uint8Array())).toBe(true);
  }
});

test('catalogue art carries no AI mark', async () => {
  const media = await pipeline.adoptArt(apple, 'Apple');
  expect(media).toMatchObject({ format: 'svg', width: 32, height: 32, aiMarked: false });
  for (const format of PICTURE_FORMATS) {
    expect(await readAiMark((await pipeline.rendition(media, 256, format)) ?? new Uint8Array())).toBe(false);
  }
});

test('the same pixels and facts give the same media, and others another hash', async () => {
  const publish = (side: number, at = origin.madeAt) =>
    pipeline.publishGenerated(redDisc(side), { ...facts, origin: { ...origin, madeAt: at } });
  const [first, again] = [await publish(64), await publish(64)];
  expect(again).toEqual(first);
  expect((await publish(65)).media.hash).not.toBe(first.media.hash);
  expect((await publish(64, '2026-03-02T12:00:00.000Z')).media.hash).not.toBe(first.media.hash);
});

test('palette, blur hash and alt text tell what is there before it is loaded', async () => {
  const media = await pipeline.adoptArt(apple, 'Apple');
  const [red, green, blue] =
    (media.palette[0] ?? '#000000').match(/[0-9a-f]{2}/g)?.map((part) => parseInt(part, 16)) ?? [];
  expect(red).toBeGreaterThan(180);
  expect(Math.max(green ?? 255, blue ?? 255)).toBeLessThan(80);
  expect(media.blurHash?.length).toBeGreaterThan(20);
  expect(media.alt).toBe('Apple');
});

test('vector art is sharp at every width, raster pictures are never enlarged', async () => {
  const art = await pipeline.adoptArt(apple, 'Apple');
  const widthOf = async (bytes: Uint8Array | null) =>
    (await sharp(bytes ?? new Uint8Array()).metadata()).width;
  expect(await widthOf(await pipeline.rendition(art, 512, 'webp'))).toBe(512);
  const { media: small } = await pipeline.publishGenerated(redDisc(128), facts);
  expect(await widthOf(await pipeline.rendition(small, 512, 'webp'))).toBe(128);
});

test('a near-copy differs in few bits of its perceptual hash, another picture in many', async () => {
  const bits = (a: string | null, b: string | null) =>
    (BigInt(`0x${a ?? '0'}`) ^ BigInt(`0x${b ?? '0'}`)).toString(2).replaceAll('0', '').length;
  const disc = await pipeline.publishPreview(redDisc(128), '');
  const copy = await pipeline.adoptArt(
    await sharp(redDisc(128).data, { raw: { width: 128, height: 128, channels: 3 } })
      .jpeg({ quality: 40 })
      .toBuffer(),
    '',
  );
  const other = await pipeline.adoptArt(
    Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><path d="M0 0L32 0L0 32Z"/></svg>',
    ),
    '',
  );
  expect(bits(disc.perceptualHash, copy.perceptualHash)).toBeLessThanOrEqual(6);
  expect(bits(disc.perceptualHash, other.perceptualHash)).toBeGreaterThan(15);
});

test('a stored picture decodes to the pixels it was made from; an unknown one to null', async () => {
  const disc = redDisc(64);
  const media = await pipeline.publishPreview(disc, '');
  expect(await pipeline.decode(media.hash)).toMatchObject({ width: 64, height: 64, channels: 3 });
  expect(Buffer.from((await pipeline.decode(media.hash))?.data ?? [])).toEqual(Buffer.from(disc.data));
  const unknown = { ...media, hash: 'f'.repeat(64) as MediaHash };
  expect(await pipeline.decode(unknown.hash)).toBeNull();
  expect(await pipeline.rendition(unknown, 64, 'png')).toBeNull();
});

test.each([
  ['a script', '<script>alert(1)</script>'],
  ['an outside picture', '<image href="http://example.org/a.png"/>'],
  ['a file', '<image xlink:href="file:///etc/passwd"/>'],
  ['an outside style', '<style>@import "http://example.org/a.css"</style>'],
  ['an event handler', '<g onload="run()"/>'],
])('SVG with %s is refused', async (_, body) => {
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${body}</svg>`);
  await expect(pipeline.adoptArt(svg, '')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test.each([
  ['text', Buffer.from('this is no picture')],
  [
    'half a PNG',
    async () =>
      (
        await sharp(redDisc(200).data, { raw: { width: 200, height: 200, channels: 3 } })
          .png()
          .toBuffer()
      ).subarray(0, 400),
  ],
  [
    'a PNG whose header was changed',
    async () => {
      const bytes = await sharp(redDisc(64).data, { raw: { width: 64, height: 64, channels: 3 } })
        .png()
        .toBuffer();
      bytes[29] = (bytes[29] ?? 0) ^ 1; // in the checksum of IHDR
      return bytes;
    },
  ],
  [
    'a picture bomb',
    async () =>
      sharp({ create: { width: 6000, height: 6000, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
  ],
  ['an animation format', Buffer.from('GIF89a................')],
])('%s is refused with a sentence', async (_, source) => {
  const bytes = typeof source === 'function' ? await source() : source;
  await expect(pipeline.adoptArt(bytes, '')).rejects.toThrow(/wanted/);
});
