import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HISTORY_BUCKETS } from '../domain/ranking/history-buckets.js';
import { trainItemKnn } from '../domain/ranking/item-knn.js';
import { trainPopularity } from '../domain/ranking/popularity.js';
import { encodeRanker } from '../domain/ranking/ranker-artefact.js';
import { codeRecipeFor, trainCodes } from '../domain/ranking/train-codes.js';
import { trainTrunk, trunkRecipeFor } from '../domain/ranking/train-trunk.js';
import { seededRandom } from '../domain/random.js';
import { onnxCompute } from '../infra/compute/onnx-compute.js';
import { exportModel, type ExportedFile } from './export-model.js';

/** 40 items in a ring; everybody steps from one to the next. Two epochs: what is compared are runtimes, not quality. */
const ITEMS = 40;
const random = seededRandom('ring');
const sequences = Array.from({ length: 120 }, () => {
  const start = random.int(ITEMS);
  return Int32Array.from({ length: 8 }, (_, i) => (start + i) % ITEMS);
});
const data = { itemCount: ITEMS, sequences };
const compute = onnxCompute({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'vitrine-export-'));
let files: ExportedFile[];
let expected: Record<'trunk' | 'codes', Float32Array>;

interface Manifest {
  files: Record<string, { bytes: number; sha256: string }>;
  inputs: { name: string; meaning: string }[];
  outputs: { name: string; shape: number[] }[];
  leftOut: string[];
  example: { history: number[]; best: Record<string, { item: number; score: number }[]> };
}
const read = (name: string) => files.find((file) => file.name === name)?.bytes ?? new Uint8Array();
const manifest = () => JSON.parse(new TextDecoder().decode(read('manifest.json'))) as Manifest;

beforeAll(async () => {
  const quick = { seed: 1, maxEpochs: 2 };
  const trunk = await trainTrunk(data, compute, quick, { ...trunkRecipeFor(data), rows: 8 });
  const codes = await trainCodes(data, compute, quick, { ...codeRecipeFor(data), rows: 8 });
  const { ids, tokenizer, space } = codes.catalogue;
  const artefact = encodeRanker({
    manifest: { snapshot: 'ring', seed: 1, figures: {} },
    itemIds: Array.from({ length: ITEMS }, (_, i) => `item-${i}`),
    fusion: {
      normalisation: 'z-score',
      ...{ parts: ['trunk', 'codes'], scales: [1, 1], weights: HISTORY_BUCKETS.map(() => [1, 1]) },
    },
    popularity: trainPopularity(data),
    itemknn: trainItemKnn(data),
    ...{ ease: null, trunk: { config: trunk.config, weights: trunk.weights } },
    codes: { model: codes.model, ids, tokenizer, space },
  });
  const version = { id: 'm', role: 'RANKER', artefact: 'key', seed: 1, recipe: {}, learned: null };
  const stores = { models: { byIds: () => Promise.resolve([version]) } };
  const blobs = { get: () => Promise.resolve(artefact) };
  const ports = { stores, blobs, compute } as unknown as Parameters<typeof exportModel>[0];
  files = await exportModel(ports, 'm' as Parameters<typeof exportModel>[1]);
  for (const { name, bytes } of files) writeFileSync(join(folder, name), bytes);
  const history = Int32Array.from(manifest().example.history);
  const [ofTrunk, ofCodes] = [await trunk.score([history]), await codes.score([history])];
  expected = { trunk: ofTrunk[0] ?? new Float32Array(), codes: ofCodes[0] ?? new Float32Array() };
  await Promise.all([trunk.dispose(), codes.dispose()]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

test('the manifest describes every file, input and output, and says what was left out', () => {
  const { files: described, inputs, outputs, leftOut } = manifest();
  for (const name of ['ranker.onnx', 'items.json'])
    expect(described[name]).toEqual({
      bytes: read(name).length,
      sha256: createHash('sha256').update(read(name)).digest('hex'),
    });
  expect(inputs.every(({ meaning }) => meaning.length > 0)).toBe(true);
  expect(outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ['trunk', [1, ITEMS]],
    ['codes', [1, ITEMS]],
  ]);
  expect(leftOut).toEqual(['popularity', 'itemknn']);
});

test('the example tells the scores that the ranker itself gives', () => {
  const { best } = manifest().example;
  for (const part of ['trunk', 'codes'] as const)
    for (const { item, score } of best[part] ?? []) expect(score).toBeCloseTo(expected[part][item] ?? NaN, 4);
  expect(best['codes']?.length).toBe(10);
});

test('another runtime loads the files and gives the same scores to 1e-4', () => {
  const printed = execFileSync(process.execPath, ['test/support/score-exported.mjs', folder], {
    encoding: 'utf8',
  });
  const scores = JSON.parse(printed) as Record<string, number[]>;
  for (const part of ['trunk', 'codes'] as const) {
    expect(scores[part]).toHaveLength(ITEMS);
    scores[part]?.forEach((score, item) => {
      expect(Math.abs(score - (expected[part][item] ?? NaN))).toBeLessThan(1e-4);
    });
  }
});
