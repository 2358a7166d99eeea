import { readFile } from 'node:fs/promises';
import { withoutPrefix } from '../../src/domain/imaging/picture-model.js';
import { unpackWeights } from '../../src/domain/imaging/weights-file.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { readImageModel } from '../../src/infra/providers/images/image-model-files.js';
import { differences, TOLERANCE } from './parity.js';
import { readReference } from './reference-file.js';

test('the shipped networks give what the machine that trained them got, to 1e-4', async () => {
  const model = await readImageModel('assets/image-model');
  const judge = JSON.parse(await readFile('bench/judge/judge.json', 'utf8')) as { groups: string[] };
  const networks = {
    denoiser: model.denoiser,
    sharpener: model.sharpener,
    classifier: withoutPrefix('classifier', unpackWeights(await readFile('bench/judge/weights.bin'))),
    shape: model.manifest.denoiser,
    groups: judge.groups.length,
  };
  const reference = readReference(await readFile('assets/image-model/reference.bin'));
  const found = await differences(onnxCompute({ threads: 1 }), networks, reference);
  expect(Object.keys(found).sort()).toEqual([
    'classifier/features',
    'classifier/scores',
    'denoiser/clean',
    'sharpener/enlarged',
  ]);
  for (const value of Object.values(found)) expect(value).toBeLessThanOrEqual(TOLERANCE);
  const spoilt = { ...networks, denoiser: { ...model.denoiser, 'final.bias': new Float32Array(48).fill(1) } };
  const wrong = await differences(onnxCompute({ threads: 1 }), spoilt, reference);
  expect(wrong['denoiser/clean']).toBeGreaterThan(TOLERANCE);
});
