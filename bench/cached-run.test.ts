import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedRun } from './cached-run.js';

const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'cached-run-'));
const code = join(folder, 'dist/src/domain/ranker.js');

beforeAll(() => {
  for (const one of ['domain', 'infra/compute', 'infra/datasets'])
    mkdirSync(join(folder, 'dist/src', one), { recursive: true });
  writeFileSync(code, 'one');
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

test('a run is measured once, until the code changes', async () => {
  let runs = 0;
  const measure = (key: string, acceptsOld = false) =>
    cachedRun({ key, acceptsOld }, () => Promise.resolve({ N10: ++runs }));
  expect(await measure('seed 1')).toEqual({ N10: 1 });
  expect(await measure('seed 1')).toEqual({ N10: 1 });
  expect(await measure('seed 2')).toEqual({ N10: 2 });
  writeFileSync(code, 'two');
  expect(await measure('seed 1', true)).toEqual({ N10: 1 });
  expect(await measure('seed 1')).toEqual({ N10: 3 });
});

test('a run that fails leaves nothing behind', async () => {
  const key = 'fails';
  const broken = () => Promise.reject(new Error('no memory'));
  await expect(cachedRun({ key, acceptsOld: false }, broken)).rejects.toThrow('no memory');
  expect(await cachedRun({ key, acceptsOld: false }, () => Promise.resolve({ N10: 7 }))).toEqual({ N10: 7 });
});
