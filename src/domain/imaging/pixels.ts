/** 8-bit pixels to [-1, 1]. */
export function toSigned(pixels: Uint8Array): Float32Array {
  return Float32Array.from(pixels, (value) => value / 127.5 - 1);
}

/** [-1, 1] to 8-bit pixels, clamped. */
export function toBytes(signed: Float32Array): Uint8Array {
  return new Uint8Array(Uint8ClampedArray.from(signed, (value) => (value + 1) * 127.5).buffer);
}
