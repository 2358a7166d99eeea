import { createEmbeddedEncoder } from './embedded-encoder.js';

const encoder = createEmbeddedEncoder();
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
