/**
 * Flat art has few colours. Finds up to `k` of them in a picture (k-means in RGB, seeded by the farthest point, so that it needs no
 * chance) and moves every pixel to its nearest one: the seams and specks of a small picture become the plain areas that
 * the art is made of. Pixels half-way between two colours stay there, which keeps edges smooth.
 */
export function flattenColours(pixels: Uint8Array, k = 12): Uint8Array {
  const centres = refine(pixels, farthestPoints(pixels, k));
  const out = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at += 3) {
    const [first, second] = nearestTwo(pixels, at, centres);
    const pull = edgeless(distance(pixels, at, first), distance(pixels, at, second));
    for (let c = 0; c < 3; c++) {
      const value = pixels[at + c] ?? 0;
      out[at + c] = Math.round(value + pull * ((first[c] ?? 0) - value));
    }
  }
  return out;
}

type Colour = readonly [number, number, number];
const WHITE: Colour = [255, 255, 255];
/** Every 7th pixel is enough to find the areas, and prime to any width. */
const STRIDE = 3 * 7;
/** Squared distance under which two centres would be one colour to the eye. */
const SAME = 48 ** 2;

/** 1 on a plain area, 0 half-way between two colours. */
function edgeless(near: number, far: number): number {
  const between = Math.sqrt(near) / (Math.sqrt(near) + Math.sqrt(far) + 1e-6); // 0 .. 0.5
  return Math.max(0, Math.min(1, (0.45 - between) / 0.15));
}

function farthestPoints(pixels: Uint8Array, k: number): Colour[] {
  const centres: Colour[] = [WHITE];
  while (centres.length < k) {
    let [best, most] = [-1, SAME];
    for (let at = 0; at < pixels.length; at += STRIDE) {
      const d = Math.min(...centres.map((centre) => distance(pixels, at, centre)));
      if (d > most) [best, most] = [at, d];
    }
    if (best < 0) break;
    centres.push(colourAt(pixels, best));
  }
  return centres;
}

/** Five rounds of Lloyd's algorithm; white stays white. */
function refine(pixels: Uint8Array, start: readonly Colour[]): Colour[] {
  let centres = [...start];
  for (let round = 0; round < 5; round++) {
    const sums = centres.map(() => [0, 0, 0, 0]);
    for (let at = 0; at < pixels.length; at += STRIDE) {
      const sum = sums[centres.indexOf(nearestTwo(pixels, at, centres)[0])];
      colourAt(pixels, at).forEach((value, c) => sum && (sum[c] = (sum[c] ?? 0) + value));
      if (sum) sum[3] = (sum[3] ?? 0) + 1;
    }
    centres = centres.map((old, i) => {
      const [r = 0, g = 0, b = 0, n = 0] = sums[i] ?? [];
      return i === 0 || n === 0 ? old : [r / n, g / n, b / n];
    });
  }
  return centres;
}

function nearestTwo(pixels: Uint8Array, at: number, centres: readonly Colour[]): [Colour, Colour] {
  let [first, second] = [WHITE, WHITE];
  let [d1, d2] = [Infinity, Infinity];
  for (const centre of centres) {
    const d = distance(pixels, at, centre);
    if (d < d1) [first, second, d1, d2] = [centre, first, d, d1];
    else if (d < d2) [second, d2] = [centre, d];
  }
  return [first, second];
}

function colourAt(pixels: Uint8Array, at: number): Colour {
  return [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
}

function distance(pixels: Uint8Array, at: number, [r, g, b]: Colour): number {
  return ((pixels[at] ?? 0) - r) ** 2 + ((pixels[at + 1] ?? 0) - g) ** 2 + ((pixels[at + 2] ?? 0) - b) ** 2;
}
