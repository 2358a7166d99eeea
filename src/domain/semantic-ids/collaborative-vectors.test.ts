import { seededRandom } from '../random.js';
import { collaborativeVectors } from './collaborative-vectors.js';

const dot = (v: Float32Array, size: number, a: number, b: number) => {
  let sum = 0;
  for (let c = 0; c < size; c++) sum += (v[a * size + c] ?? NaN) * (v[b * size + c] ?? NaN);
  return sum;
};

test('items of one crowd are close, items of two crowds are not', () => {
  const random = seededRandom('crowds');
  const sequences = Array.from({ length: 300 }, (_, person) =>
    Int32Array.from({ length: 8 }, () => random.int(20) + (person % 2) * 20),
  );
  const vectors = collaborativeVectors(sequences, 41, 8, seededRandom(3));
  let [within, across] = [0, 0];
  for (let a = 0; a < 20; a++) {
    for (let b = 0; b < 20; b++) {
      if (a !== b) within += dot(vectors, 8, a, b) / 380;
      across += dot(vectors, 8, a, b + 20) / 400;
    }
  }
  expect(within).toBeGreaterThan(across + 0.4);
  expect(Array.from(vectors.subarray(40 * 8))).toEqual(new Array(8).fill(0)); // nobody met item 40
});
