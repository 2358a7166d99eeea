import { type Random } from '../random.js';
import { jacobiEigen } from './jacobi-eigen.js';

export interface Eigenvectors {
  readonly size: number;
  readonly count: number;
  /** Largest first. */
  readonly values: Float64Array; // (count)
  readonly vectors: Float32Array; // (size, count) row-major
}

/** More random directions than wanted: the last wanted ones are accurate only with some to spare (Halko et al. 2011, §4.2). */
const OVERSAMPLING = 12;
/** Subspace iterations; the co-occurrence spectrum falls slowly, below 4 the tail directions are still mixed. */
const ITERATIONS = 4;

/**
 * The leading eigenvectors of a symmetric matrix given only as Y ↦ AY, by randomised subspace iteration
 * (Halko, Martinsson & Tropp 2011, alg. 4.4 and 5.3). `multiply` gets and returns (size, width) row-major.
 */
export function leadingEigenvectors(
  multiply: (y: Float32Array, width: number) => Float32Array,
  size: number,
  count: number,
  random: Random,
): Eigenvectors {
  const width = Math.min(size, count + OVERSAMPLING);
  let q = Float32Array.from({ length: size * width }, () => random.normal());
  orthonormalise(q, size, width);
  for (let i = 0; i < ITERATIONS; i++) {
    q = Float32Array.from(multiply(q, width));
    orthonormalise(q, size, width);
  }
  const aq = multiply(q, width);
  const { values, vectors } = jacobiEigen(crossProduct(q, aq, size, width), width);
  return rotate(q, { values, vectors }, size, Math.min(count, width));
}

/** Gram–Schmidt, twice over ("twice is enough"), on the columns of a row-major (size, width) matrix. */
function orthonormalise(q: Float32Array, size: number, width: number): void {
  for (let c = 0; c < width; c++) {
    for (let pass = 0; pass < 2; pass++) removeEarlierColumns(q, size, width, c);
    let norm = 0;
    for (let i = 0; i < size; i++) norm += (q[i * width + c] as number) ** 2;
    const scale = norm > 1e-20 ? 1 / Math.sqrt(norm) : 0;
    for (let i = 0; i < size; i++) q[i * width + c] = (q[i * width + c] as number) * scale;
  }
}

function removeEarlierColumns(q: Float32Array, size: number, width: number, c: number): void {
  const overlap = new Float64Array(c);
  for (let i = 0; i < size; i++) {
    const x = q[i * width + c] as number;
    for (let e = 0; e < c; e++) overlap[e] = (overlap[e] as number) + x * (q[i * width + e] as number);
  }
  for (let i = 0; i < size; i++) {
    let x = q[i * width + c] as number;
    for (let e = 0; e < c; e++) x -= (overlap[e] as number) * (q[i * width + e] as number);
    q[i * width + c] = x;
  }
}

/** QᵀB, symmetrised. */
function crossProduct(q: Float32Array, b: Float32Array, size: number, width: number): Float64Array {
  const out = new Float64Array(width * width);
  for (let i = 0; i < size; i++) {
    for (let r = 0; r < width; r++) {
      const x = q[i * width + r] as number;
      for (let c = 0; c < width; c++) {
        out[r * width + c] = (out[r * width + c] as number) + x * (b[i * width + c] as number);
      }
    }
  }
  for (let r = 0; r < width; r++) {
    for (let c = 0; c < r; c++) {
      const mean = ((out[r * width + c] as number) + (out[c * width + r] as number)) / 2;
      out[r * width + c] = mean;
      out[c * width + r] = mean;
    }
  }
  return out;
}

function rotate(
  q: Float32Array,
  small: { values: Float64Array; vectors: Float64Array },
  size: number,
  count: number,
): Eigenvectors {
  const width = small.values.length;
  const order = Array.from(small.values.keys()).sort(
    (a, b) => (small.values[b] as number) - (small.values[a] as number),
  );
  const vectors = new Float32Array(size * count);
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < count; c++) {
      const column = order[c] as number;
      let sum = 0;
      for (let r = 0; r < width; r++) {
        sum += (q[i * width + r] as number) * (small.vectors[r * width + column] as number);
      }
      vectors[i * count + c] = sum;
    }
  }
  return {
    size,
    count,
    values: Float64Array.from(order.slice(0, count), (o) => small.values[o] as number),
    vectors,
  };
}
