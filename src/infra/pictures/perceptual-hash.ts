import type { RawPicture } from '../../domain/media.js';

const SIDE = 32;
const LOW = 8;

/**
 * 64 bits that near-copies share (Zauner 2010, "Implementation and benchmarking of perceptual image hash functions",
 * pHash): the signs of the 8 x 8 lowest frequencies of a 32 x 32 grey picture against their median. In hex.
 */
export function perceptualHash({ width, height, channels, data }: RawPicture): string {
  if (width !== SIDE || height !== SIDE)
    throw new Error(`32 x 32 pixels were wanted, got ${width} x ${height}`);
  const grey = Float64Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(i * channels, i * channels + 3);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
  const frequencies = lowFrequencies(grey).slice(1); // the first is only how bright it is
  const median = [...frequencies].sort((a, b) => a - b)[frequencies.length >> 1] ?? 0;
  const bits = [0, ...frequencies.map((value) => (value > median ? 1 : 0))].join('');
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

const COSINES = Array.from({ length: LOW }, (_, u) =>
  Float64Array.from({ length: SIDE }, (_, x) => Math.cos((Math.PI * u * (2 * x + 1)) / (2 * SIDE))),
);

/** DCT-II, X_uv = sum_xy p_xy cos(pi u (2x+1) / 2N) cos(pi v (2y+1) / 2N), for u, v < 8: first along x, then along y. */
function lowFrequencies(grey: Float64Array): number[] {
  const rows = Array.from({ length: SIDE }, (_, y) => {
    const row = grey.subarray(y * SIDE, (y + 1) * SIDE);
    return COSINES.map((cosine) => dot(row, cosine)); // (u)
  });
  return COSINES.flatMap((down) =>
    COSINES.map((_, u) => rows.reduce((sum, row, y) => sum + (row[u] ?? 0) * (down[y] ?? 0), 0)),
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
