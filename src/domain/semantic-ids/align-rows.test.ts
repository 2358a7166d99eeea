import { seededRandom } from '../random.js';
import { aligningRotation, rotateRows } from './align-rows.js';

const SIZE = 6;

function normalRows(count: number, size: number, seed: string): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count * size }, () => random.normal());
}

/** A turn by 50 degrees in each of three planes, and one direction flipped. */
function turned(rows: Float32Array): Float32Array {
  const [c, s] = [Math.cos(0.87), Math.sin(0.87)];
  const matrix = new Float32Array(SIZE * SIZE);
  for (let p = 0; p < SIZE; p += 2) {
    matrix.set([c, s], p * SIZE + p);
    matrix.set([-s, c], (p + 1) * SIZE + p);
  }
  for (let r = 0; r < SIZE; r++) matrix[r * SIZE] = -(matrix[r * SIZE] ?? 0);
  return rotateRows(rows, SIZE, matrix);
}

test('finds the rotation between two sets of rows, also under noise', () => {
  const x = normalRows(200, SIZE, 'rows');
  const y = turned(x);
  const exact = rotateRows(x, SIZE, aligningRotation({ rows: x, size: SIZE }, { rows: y, size: SIZE }));
  exact.forEach((value, at) => expect(value).toBeCloseTo(y[at] ?? NaN, 4));
  const random = seededRandom('noise');
  const noisy = y.map((value) => value + 0.05 * random.normal());
  const near = rotateRows(x, SIZE, aligningRotation({ rows: x, size: SIZE }, { rows: noisy, size: SIZE }));
  const error = Math.hypot(...near.map((value, at) => value - (y[at] ?? NaN))) / Math.hypot(...y);
  expect(error).toBeLessThan(0.02);
});

test('the rotation is orthogonal, and brings fewer dimensions into more', () => {
  const x = normalRows(50, 3, 'thin');
  const y = normalRows(50, SIZE, 'wide');
  const rotation = aligningRotation({ rows: x, size: 3 }, { rows: y, size: SIZE }); // (3, 6)
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      let dot = 0;
      for (let c = 0; c < SIZE; c++) dot += (rotation[i * SIZE + c] ?? NaN) * (rotation[j * SIZE + c] ?? NaN);
      expect(dot).toBeCloseTo(i === j ? 1 : 0, 4);
    }
  }
});
