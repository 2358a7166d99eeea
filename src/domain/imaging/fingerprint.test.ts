import { fingerprint, FINGERPRINT, nearestFingerprint } from './fingerprint.js';

/** A red square in the left half of white. */
const picture = (left: number) => {
  const pixels = new Uint8Array(16 * 16 * 3).fill(255);
  for (let y = 4; y < 12; y++)
    for (let x = left; x < left + 6; x++) pixels.set([220, 20, 30], (y * 16 + x) * 3);
  return pixels;
};

test('the fingerprint is the mean of each of 8 x 8 blocks', () => {
  const print = fingerprint(picture(0), 16);
  expect(print).toHaveLength(FINGERPRINT);
  expect([...print.subarray(0, 3)]).toEqual([255, 255, 255]);
  expect([...print.subarray((2 * 8 + 1) * 3, (2 * 8 + 1) * 3 + 3)]).toEqual([220, 20, 30]);
});

test('a copy and a mirrored copy are near, another picture is not; the nearest of all counts', () => {
  const all = new Uint8Array([...fingerprint(picture(5), 16), ...fingerprint(picture(0), 16)]);
  expect(nearestFingerprint(all, fingerprint(picture(0), 16))).toBe(0);
  expect(nearestFingerprint(all, fingerprint(picture(10), 16))).toBe(0);
  expect(nearestFingerprint(all, fingerprint(picture(2), 16))).toBeGreaterThan(30);
});
