/** Side of a patch in pixels: 4 x 4 x 3 numbers are a token. */
export const PATCH = 4;

/** 8-bit pixels to tokens in [-1, 1]: (tokens, PATCH * PATCH * 3), row by row, in each its rows of RGB pixels. */
export function toPatches(pixels: Uint8Array, width: number): Float32Array {
  const out = new Float32Array(pixels.length);
  eachPatchValue(width, (pixel, at) => {
    out[at] = (pixels[pixel] ?? 0) / 127.5 - 1;
  });
  return out;
}

/** The way back, rounded and clamped. */
export function fromPatches(patches: Float32Array, width: number): Uint8Array {
  const out = new Uint8ClampedArray(patches.length);
  eachPatchValue(width, (pixel, at) => {
    out[pixel] = ((patches[at] ?? 0) + 1) * 127.5;
  });
  return new Uint8Array(out.buffer);
}

function eachPatchValue(width: number, visit: (pixel: number, at: number) => void): void {
  const [row, side] = [PATCH * 3, width / PATCH];
  for (let at = 0; at < width * width * 3; at++) {
    const [token, within] = [Math.floor(at / (row * PATCH)), at % (row * PATCH)];
    const y = Math.floor(token / side) * PATCH + Math.floor(within / row);
    visit((y * width + (token % side) * PATCH) * 3 + (within % row), at);
  }
}
