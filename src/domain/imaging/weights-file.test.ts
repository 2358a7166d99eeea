import { fromHalf, toHalf } from './half-floats.js';
import { packWeights, unpackWeights } from './weights-file.js';

test('16-bit floats keep exact values, small values and signs', () => {
  const exact = Float32Array.of(0, 1, -2, 0.5, 65504, 2 ** -14, 2 ** -24, -(2 ** -20));
  expect([...fromHalf(toHalf(exact))]).toEqual([...exact]);
});

test('other values come back within half a unit of the eleventh bit', () => {
  const values = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i) * 10 ** ((i % 7) - 3));
  fromHalf(toHalf(values)).forEach((half, i) => {
    const value = values[i] ?? NaN;
    expect(Math.abs(half - value)).toBeLessThanOrEqual(Math.max(Math.abs(value) * 2 ** -11, 2 ** -25));
  });
});

test('too large becomes infinite, and nothing else does', () => {
  expect([...fromHalf(toHalf(Float32Array.of(1e6, -1e6, 65519)))]).toEqual([Infinity, -Infinity, 65504]);
});

test('a weights file gives back every tensor by name', () => {
  const weights = {
    'b.weight': Float32Array.of(1, 2, 3),
    a: Float32Array.of(-0.25),
    empty: new Float32Array(),
  };
  expect(unpackWeights(packWeights(weights))).toEqual(weights);
});

test('a file that was cut off is refused', () => {
  const file = packWeights({ a: Float32Array.of(1, 2, 3, 4) });
  expect(() => unpackWeights(file.subarray(0, file.length - 2))).toThrow('ends inside a');
});
