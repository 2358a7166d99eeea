// Loads an exported ranker in another runtime than the one that trained it (ONNX Runtime's WebAssembly build), from its folder alone:
// `node score-exported.mjs <folder>` prints the scores of the manifest's example as JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ort from 'onnxruntime-web';

ort.env.wasm.numThreads = 1;
const folder = process.argv[2];
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
const session = await ort.InferenceSession.create(new Uint8Array(readFileSync(join(folder, 'ranker.onnx'))));
const feeds = Object.fromEntries(
  manifest.inputs.map(({ name, shape }) => [
    name,
    new ort.Tensor('int32', Int32Array.from(manifest.example.feeds[name]), shape),
  ]),
);
const results = await session.run(feeds);
const scores = manifest.outputs.map(({ name }) => [name, Array.from(results[name].data)]);
process.stdout.write(JSON.stringify(Object.fromEntries(scores)));
