/** RGB pixels, one after the other, to planes in [-1, 1]: (3, height, width). */
export function toPlanes(pixels: Uint8Array): Float32Array {
  const size = pixels.length / 3;
  return Float32Array.from({ length: pixels.length }, (_, i) => {
    return (pixels[(i % size) * 3 + Math.floor(i / size)] ?? 0) / 127.5 - 1;
  });
}

/** The way back, rounded and clamped. */
export function fromPlanes(planes: Float32Array): Uint8Array {
  const size = planes.length / 3;
  const pixels = Uint8ClampedArray.from({ length: planes.length }, (_, i) => {
    return ((planes[(i % 3) * size + Math.floor(i / 3)] ?? 0) + 1) * 127.5;
  });
  return new Uint8Array(pixels.buffer);
}
