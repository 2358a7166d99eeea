/** Levels of red, green and blue. */
const LEVELS = 4;
export const PALETTE_BINS = LEVELS ** 3;

/** An 8-bit colour. */
export type Colour = readonly [number, number, number];

/**
 * What the denoiser is told of colours: shares of 4 x 4 x 4 colours that sum to 1, each colour shared by its eight neighbours by
 * distance (trilinear), so that a slightly other red is a slightly other histogram. Zeros for no colour.
 */
export function paletteHistogram(colours: Iterable<Colour>): Float32Array {
  const bins = new Float32Array(PALETTE_BINS);
  let count = 0;
  for (const colour of colours) {
    addColour(bins, colour);
    count++;
  }
  return count === 0 ? bins : bins.map((value) => value / count);
}

function addColour(bins: Float32Array, colour: Colour): void {
  const [red = [], green = [], blue = []] = colour.map(levelShares);
  red.forEach((r, i) =>
    green.forEach((g, j) =>
      blue.forEach((b, k) => {
        const bin = (i * LEVELS + j) * LEVELS + k;
        bins[bin] = (bins[bin] ?? 0) + r * g * b;
      }),
    ),
  );
}

/** How far a channel's value belongs to each of the levels 0, 85, 170 and 255. */
function levelShares(value: number): number[] {
  const at = (value / 255) * (LEVELS - 1);
  return Array.from({ length: LEVELS }, (_, level) => Math.max(0, 1 - Math.abs(at - level)));
}

/** Paler than this on all channels counts as the flat white background. */
const BACKGROUND = 246;

/** The colours of a picture's figure, every second pixel of every second row. */
export function* figureColours(pixels: Uint8Array, width: number): Generator<Colour> {
  for (let y = 0; y < pixels.length / 3 / width; y += 2)
    for (let x = 0; x < width; x += 2) {
      const at = (y * width + x) * 3;
      const colour: Colour = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
      if (Math.min(...colour) <= BACKGROUND) yield colour;
    }
}
