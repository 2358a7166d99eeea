import sharp from 'sharp';
import { PICTURE_FORMATS, type PictureFormat } from '../../domain/media.js';
import { seededRandom } from '../../domain/random.js';
import { createManifestKeys } from '../signing/manifest-keys.js';
import { newKey } from '../signing/stored-keys.js';
import { aiMark } from './ai-mark.js';
import { encodeRendition } from './encode-rendition.js';
import { checkManifest, signedFile } from './sign-picture.js';

const keys = createManifestKeys([newKey()]);
const pixels = Buffer.from(Array.from({ length: 48 * 48 * 3 }, (_, i) => (i * 7) % 256));
const facts = {
  ...{ provider: 'test', model: 'stripes-1', recipe: 'ab'.repeat(32) },
  ...{ madeAt: '2026-03-01T12:00:00.000Z', original: null, width: 48 },
};

function sign(format: PictureFormat, by = keys): Promise<{ bytes: Uint8Array; manifest: string }> {
  const picture = () => sharp(pixels, { raw: { width: 48, height: 48, channels: 3 } });
  return signedFile(by, { ...facts, format }, (blank) =>
    encodeRendition(picture(), { width: 48, format }, aiMark('stripes-1', blank)),
  );
}

test.each(PICTURE_FORMATS)(
  'of 2,500 flipped bits of a signed %s not one is taken for signed',
  async (format) => {
    const { bytes } = await sign(format);
    expect(checkManifest(keys, bytes)).toMatchObject({ state: 'SIGNED', manifest: { format, width: 48 } });
    const random = seededRandom(`flips ${format}`);
    const states = new Map<string, number>();
    for (let flip = 0; flip < 2_500; flip++) {
      const at = random.int(bytes.length);
      const bit = 1 << random.int(8);
      bytes[at] = (bytes[at] ?? 0) ^ bit;
      const { state } = checkManifest(keys, bytes);
      states.set(state, (states.get(state) ?? 0) + 1);
      bytes[at] ^= bit;
    }
    expect(states.get('SIGNED')).toBeUndefined();
    expect(states.get('CHANGED')).toBeGreaterThan(100);
    expect(checkManifest(keys, bytes).state).toBe('SIGNED'); // all flips were taken back
  },
);

test('every single bit of the manifest and of the PNG chunk around it counts', async () => {
  const { bytes, manifest } = await sign('png');
  const start = Buffer.from(bytes).indexOf('iTXt') - 4;
  const length = Buffer.from(bytes).readUInt32BE(start) + 12;
  expect(length).toBeGreaterThan(manifest.length);
  for (let at = start; at < start + length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      if (checkManifest(keys, bytes).state === 'SIGNED')
        throw new Error(`byte ${at}, bit ${bit} is not held`);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
    }
  }
});

test('a byte more, a byte less and a manifest taken from another picture are found', async () => {
  const [{ bytes }, other] = [await sign('webp'), await sign('png')];
  const stateOf = (file: Uint8Array) => checkManifest(keys, file).state;
  expect(stateOf(Buffer.concat([bytes, Buffer.from([0])]))).toBe('CHANGED');
  expect(stateOf(bytes.subarray(0, -1))).toBe('CHANGED');
  const mixed = Buffer.from(bytes);
  mixed.write(other.manifest, mixed.indexOf('vitrine:Manifest="') + 'vitrine:Manifest="'.length, 'latin1');
  expect(stateOf(mixed)).not.toBe('SIGNED');
  expect(stateOf(pixels)).toBe('NO_MANIFEST');
});

test('what another installation signed is signed with an unknown key', async () => {
  const others = createManifestKeys([newKey()]);
  const { bytes } = await sign('jpeg', others);
  expect(checkManifest(others, bytes).state).toBe('SIGNED');
  expect(checkManifest(keys, bytes)).toEqual({
    ...{ state: 'UNKNOWN_KEY', keyId: others.published[0]?.kid, manifest: null },
  });
});
