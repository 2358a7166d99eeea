import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fingerprint } from '../../src/domain/imaging/fingerprint.js';
import { withoutPrefix } from '../../src/domain/imaging/picture-model.js';
import { buildVocabulary } from '../../src/domain/imaging/vocabulary.js';
import { packWeights, unpackWeights } from '../../src/domain/imaging/weights-file.js';
import { onnxCompute } from '../../src/infra/compute/onnx-compute.js';
import { readTrainingArt } from '../../src/infra/demo/art-pixels.js';
import { denoiserShape, writeImageModel } from '../../src/infra/providers/images/image-model-files.js';
import { curvePlot, type LogRow } from './curve-plot.js';
import { differences, TOLERANCE } from './parity.js';
import { readReference, type Reference, writeReference } from './reference-file.js';

/**
 * Takes over what `train.py` made: checks all three networks against its reference, then replaces the shipped model and the judge of
 * `bench:images`. Usage: npm run import:images -- OUT
 */
const out = process.argv[2];
if (!out) throw new Error('the folder that train.py wrote was wanted, none came');
const MODEL = 'assets/image-model';
const JUDGE = 'bench/judge';
/** Of the enlarged reference picture every 16th value is kept in the repository: 48 KB, not 768. */
const KEPT = 16;

const Summary = z.looseObject({ shape: denoiserShape, groups: z.array(z.string()), classifier: z.unknown() });

const summary = Summary.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
const { shape, groups } = summary;
const weights = await readWeights(out);
const parts = {
  denoiser: withoutPrefix('denoiser', weights),
  sharpener: withoutPrefix('sharpener', weights),
};
const classifier = withoutPrefix('classifier', weights);
const reference = readReference(await readFile(join(out, 'reference.bin')));
const found = await differences(
  onnxCompute(),
  { ...parts, classifier, shape, groups: groups.length },
  reference,
);
for (const [name, value] of Object.entries(found))
  console.log(`${name}: differs by ${value.toExponential(1)}`);
if (Object.values(found).some((value) => !(value <= TOLERANCE)))
  throw new Error(`differences of at most ${TOLERANCE} were wanted: nothing was replaced`);

const art = await readTrainingArt();
const styles = [...new Set(art.drawings.map(({ style }) => style))].sort();
const vocabulary = buildVocabulary(art.concepts, styles);
const words = vocabulary.words.length + styles.length;
if (words !== shape.bag) throw new Error(`${shape.bag} words and styles were wanted, the art has ${words}`);
const curve = (await readFile(join(out, 'log.jsonl'), 'utf8')).trim().split('\n');
await writeImageModel(
  MODEL,
  {
    name: 'vitrine-stickers',
    version: 2,
    encoder: 'universal-sentence-encoder-lite',
    width: art.width,
    denoiser: shape,
    vocabulary,
    training: {
      drawings: art.drawings.length,
      concepts: art.concepts.length,
      ...Object.fromEntries(Object.entries(summary).filter(([key]) => !['shape', 'groups'].includes(key))),
      differences: found,
    },
  },
  {
    ...parts,
    fingerprints: Buffer.concat(art.drawings.map(({ pixels }) => fingerprint(pixels, art.width))),
  },
);
await writeFile(join(MODEL, 'reference.bin'), writeReference(kept(reference)));
await writeFile(join(MODEL, 'curve.jsonl'), `${curve.join('\n')}\n`);
await mkdir('docs/pictures', { recursive: true });
await writeFile('docs/pictures/curve.svg', curvePlot(curve.map((row) => JSON.parse(row) as LogRow)));
await mkdir(JUDGE, { recursive: true });
const judged = Object.entries(classifier).map(([name, values]) => [
  `classifier/${name}`,
  Float32Array.from(values),
]);
await writeFile(
  join(JUDGE, 'weights.bin'),
  packWeights(Object.fromEntries(judged) as Record<string, Float32Array>),
);
await writeFile(
  join(JUDGE, 'judge.json'),
  `${JSON.stringify({ groups, accuracy: summary.classifier }, null, 1)}\n`,
);

/** The denoiser's parts in order, then the others. */
async function readWeights(folder: string): Promise<Record<string, Float32Array>> {
  const names = (await readdir(folder)).filter((name) => /^denoiser(-\d+)?\.bin$/.test(name)).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return {
    ...unpackWeights(Buffer.concat(files)),
    ...unpackWeights(await readFile(join(folder, 'others.bin'))),
  };
}

/** The last row of each tensor, so that the repository's own test needs 0.3 MB: it hears words, taste and palette. */
function kept(whole: Reference): Reference {
  const last = new Map<string, { shape: readonly number[]; data: Float32Array }>();
  for (const [name, { shape, data }] of whole) {
    const row = data.slice(data.length - data.length / (shape[0] ?? 1));
    last.set(name, { shape: [1, ...shape.slice(1)], data: row });
  }
  const sampled = last.get('sharpener/enlarged')?.data.filter((_, i) => i % KEPT === 0);
  if (sampled) last.set('sharpener/enlarged', { shape: [sampled.length], data: sampled });
  return last;
}
