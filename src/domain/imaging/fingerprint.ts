const SIDE = 8;
/** Bytes of a fingerprint: 8 x 8 pixels, RGB. */
export const FINGERPRINT = SIDE * SIDE * 3;

/** Nearer to a drawing than this (root mean square of a channel in [0, 255]) and an eye calls a picture a copy. */
export const COPY = 12;

/**
 * A picture averaged down to 8 x 8. Two pictures are at least as far from each other as their fingerprints (a mean of squares is at
 * least the square of the mean), so no copy passes a check that allows only fingerprints farther than `COPY`.
 */
export function fingerprint(pixels: Uint8Array, width: number): Uint8Array {
  const block = width / SIDE;
  const sums = new Float64Array(FINGERPRINT);
  pixels.forEach((value, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const at = (Math.floor(y / block) * SIDE + Math.floor(x / block)) * 3 + (i % 3);
    sums[at] = (sums[at] ?? 0) + value;
  });
  return Uint8Array.from(sums, (sum) => Math.round(sum / block ** 2));
}

/** Distance of a picture, or its mirror image, to the nearest of all (n, FINGERPRINT): root mean square of a channel in [0, 255]. */
export function nearestFingerprint(all: Uint8Array, own: Uint8Array): number {
  const mirrored = own.map((_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIDE, Math.floor(i / 3 / SIDE)];
    return own[(y * SIDE + (SIDE - 1 - x)) * 3 + (i % 3)] ?? 0;
  });
  let nearest = Infinity;
  for (let start = 0; start < all.length; start += FINGERPRINT)
    nearest = Math.min(nearest, squares(all, start, own), squares(all, start, mirrored));
  return Math.sqrt(nearest / FINGERPRINT);
}

function squares(all: Uint8Array, start: number, own: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < FINGERPRINT; i++) sum += ((all[start + i] ?? 0) - (own[i] ?? 0)) ** 2;
  return sum;
}
