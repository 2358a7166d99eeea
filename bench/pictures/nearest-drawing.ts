/** Root mean square of a channel in [0, 255] to the nearest drawing or its mirror image, and which one. Pixels are RGB, `width` wide. */
export function nearestDrawing(
  pixels: Uint8Array,
  drawings: readonly Uint8Array[],
  width: number,
): { readonly distance: number; readonly index: number } {
  const mirrored = mirror(pixels, width);
  let [least, index] = [Infinity, -1];
  drawings.forEach((drawing, i) => {
    const distance = Math.min(squares(pixels, drawing, least), squares(mirrored, drawing, least));
    if (distance < least) [least, index] = [distance, i];
  });
  return { distance: Math.sqrt(least / pixels.length), index };
}

function mirror(pixels: Uint8Array, width: number): Uint8Array {
  return pixels.map((_, i) => {
    const [x, row] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return pixels[(row * width + (width - 1 - x)) * 3 + (i % 3)] ?? 0;
  });
}

/** Stops where the sum passes `most`: nearly all drawings are dismissed in a tenth of the work. */
function squares(a: Uint8Array, b: Uint8Array, most: number): number {
  let sum = 0;
  for (let from = 0; from < a.length && sum < most; from += 192)
    for (let i = from; i < from + 192; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}
