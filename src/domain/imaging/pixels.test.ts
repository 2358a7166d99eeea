import { fromPlanes, toPlanes } from './pixels.js';

test('planes hold all reds, then all greens, then all blues; the way back gives the pixels and clamps', () => {
  const pixels = Uint8Array.of(255, 0, 10, 250, 5, 20);
  const planes = toPlanes(pixels);
  expect(planes[0]).toBeCloseTo(1);
  expect(planes[1]).toBeCloseTo(250 / 127.5 - 1);
  expect(planes[2]).toBeCloseTo(-1);
  expect(fromPlanes(planes)).toEqual(pixels);
  expect(fromPlanes(Float32Array.of(3, -3, 0))).toEqual(Uint8Array.of(255, 0, 128));
});
