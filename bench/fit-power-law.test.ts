import { fitPowerLaw } from './fit-power-law.js';

const sizes = [1e4, 3e4, 1e5, 3e5, 1e6, 3e6];

test('finds the law that made the points', () => {
  const points = sizes.map((size) => ({ size, loss: 8 * size ** -0.3 + 4.5 }));
  const { a, b, c, r2 } = fitPowerLaw(points);
  expect(r2).toBeGreaterThan(0.9999);
  expect(b).toBeCloseTo(0.3, 1);
  expect(c).toBeCloseTo(4.5, 1);
  expect(a * 1e5 ** -b + c).toBeCloseTo(8 * 1e5 ** -0.3 + 4.5, 2);
});

test('points without a trend are not explained', () => {
  const { r2 } = fitPowerLaw(sizes.map((size, i) => ({ size, loss: 5 + (i % 2) })));
  expect(r2).toBeLessThan(0.3);
});

test('two points are no curve', () => {
  expect(() => fitPowerLaw(sizes.slice(0, 2).map((size) => ({ size, loss: 1 })))).toThrow('2 came');
});
