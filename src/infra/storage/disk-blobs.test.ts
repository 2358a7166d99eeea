import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createDiskBlobs } from './disk-blobs.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'blobs-'));
});
afterEach(() => rm(folder, { recursive: true }));

const filesIn = async (dir: string) =>
  (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

test('bytes come back under the SHA-256 of what was put', async () => {
  const blobs = createDiskBlobs(folder);
  const bytes = Buffer.from('a red apple');
  const hash = await blobs.put(bytes);
  expect(hash).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(Buffer.from((await blobs.get(hash)) ?? [])).toEqual(bytes);
  expect(await blobs.has(hash)).toBe(true);
});

test('the same bytes are one file, also when twenty writers race, and no draft stays behind', async () => {
  const blobs = createDiskBlobs(folder);
  const hashes = await Promise.all(Array.from({ length: 20 }, () => blobs.put(Buffer.alloc(50_000, 7))));
  expect(new Set(hashes).size).toBe(1);
  expect(await filesIn(folder)).toHaveLength(1);
});

test('an unknown hash is null, and a name with a path in it reads nothing', async () => {
  const blobs = createDiskBlobs(path.join(folder, 'blobs'));
  await writeFile(path.join(folder, 'secret'), 'not for you');
  expect(await blobs.get('0'.repeat(64))).toBeNull();
  expect(await blobs.get('../secret')).toBeNull();
  expect(await blobs.has('/etc/passwd')).toBe(false);
});
