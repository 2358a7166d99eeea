import { seededRandom } from '../random.js';
import {
  decodePicture,
  encodePicture,
  fitPatchBasis,
  fromPatches,
  symmetricEigen,
  toPatches,
} from './patch-basis.js';

test('eigenvectors of a symmetric matrix satisfy A v = λ v, largest first', () => {
  const A = Float64Array.of(4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 1);
  const { values, vectors } = symmetricEigen(A, 3);
  for (let i = 0; i < 3; i++) {
    for (let row = 0; row < 3; row++) {
      const Av = [0, 1, 2].reduce((sum, j) => sum + (A[row * 3 + j] ?? 0) * (vectors[i * 3 + j] ?? 0), 0);
      expect(Av).toBeCloseTo((values[i] ?? NaN) * (vectors[i * 3 + row] ?? NaN), 8);
    }
  }
  expect([...values]).toEqual([...values].sort((a, b) => b - a));
});

test('patches there and back change no pixel', () => {
  const random = seededRandom(4);
  const pixels = Uint8Array.from({ length: 16 * 16 * 3 }, () => random.int(256));
  expect([...fromPatches(toPatches(pixels, 16, 4), 16, 4)]).toEqual([...pixels]);
});

test('pictures made of three colours in flat patches come back from four axes', () => {
  const random = seededRandom(5);
  const colours = [255, 0, 90, 10, 200, 30, 255, 255, 255];
  const flat = () => {
    const pixels = new Uint8Array(8 * 8 * 3);
    const pick = Array.from({ length: 4 }, () => random.int(3));
    for (let i = 0; i < 64; i++) {
      const patch = Math.floor(i / 32) * 2 + Math.floor((i % 8) / 4);
      for (let c = 0; c < 3; c++) pixels[i * 3 + c] = colours[(pick[patch] ?? 0) * 3 + c] ?? 0;
    }
    return pixels;
  };
  const art = Array.from({ length: 40 }, flat);
  const basis = fitPatchBasis(art, 8, { patch: 4, k: 4 });
  const one = flat();
  const back = decodePicture(encodePicture(one, 8, basis), 8, basis);
  one.forEach((value, i) => expect(Math.abs(value - (back[i] ?? NaN))).toBeLessThanOrEqual(1));
});
