/** IEEE 754 binary16 and back, rounding to nearest even: halves the shipped weights at a relative error below 0.05 %. */
export function toHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfOf);
}

export function fromHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, floatOf);
}

function halfOf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  const mantissa = (bits & 0x7fffff) | 0x800000;
  if (exponent >= 31) return sign | 0x7c00; // too large: infinity
  if (exponent <= 0) return exponent < -10 ? sign : sign | rounded(mantissa, 14 - exponent); // subnormal or zero
  return sign + ((exponent - 1) << 10) + rounded(mantissa, 13);
}

function rounded(mantissa: number, shift: number): number {
  const half = 1 << (shift - 1);
  const odd = (mantissa >>> shift) & 1;
  return (mantissa + half - 1 + odd) >>> shift;
}

function floatOf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
