import { jacobiEigen } from './jacobi-eigen.js';

/** Eigenvalues below this share of the largest are directions that the rows do not know; they are left out. */
const UNKNOWN = 1e-9;

/**
 * Orthogonal Procrustes (Schönemann 1966): the rotation R (size, toSize) that brings rows X nearest to rows Y,
 * argmin ‖X R − Y‖ over RᵀR = I. With M = XᵀY it is the orthogonal factor of M, R = M (MᵀM)^(−1/2).
 */
export function aligningRotation(
  { rows: x, size }: { rows: Float32Array; size: number },
  { rows: y, size: toSize }: { rows: Float32Array; size: number },
): Float32Array {
  const m = crossProduct(x, size, y, toSize); // (size, toSize)
  const { values, vectors } = jacobiEigen(gramOf(m, size, toSize), toSize);
  const largest = Math.max(0, ...values);
  const root = new Float64Array(toSize * toSize); // (MᵀM)^(−1/2) = V diag(λ^(−1/2)) Vᵀ
  values.forEach((value, e) => {
    if (value <= UNKNOWN * largest) return;
    const scale = 1 / Math.sqrt(value);
    for (let i = 0; i < toSize; i++) {
      const a = scale * (vectors[i * toSize + e] as number);
      for (let j = 0; j < toSize; j++)
        root[i * toSize + j] = (root[i * toSize + j] as number) + a * (vectors[j * toSize + e] as number);
    }
  });
  const rotation = new Float32Array(size * toSize);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < toSize; j++) {
      let sum = 0;
      for (let k = 0; k < toSize; k++)
        sum += (m[i * toSize + k] as number) * (root[k * toSize + j] as number);
      rotation[i * toSize + j] = sum;
    }
  }
  return rotation;
}

/** Rows (count, size) times a matrix (size, toSize). */
export function rotateRows(rows: Float32Array, size: number, rotation: Float32Array): Float32Array {
  const toSize = rotation.length / size;
  const count = rows.length / size;
  const out = new Float32Array(count * toSize);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < size; c++) {
      const x = rows[i * size + c] as number;
      if (x === 0) continue;
      for (let d = 0; d < toSize; d++) {
        out[i * toSize + d] = (out[i * toSize + d] as number) + x * (rotation[c * toSize + d] as number);
      }
    }
  }
  return out;
}

function crossProduct(x: Float32Array, size: number, y: Float32Array, toSize: number): Float64Array {
  const m = new Float64Array(size * toSize);
  const count = x.length / size;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < size; c++) {
      const a = x[i * size + c] as number;
      if (a === 0) continue;
      for (let d = 0; d < toSize; d++)
        m[c * toSize + d] = (m[c * toSize + d] as number) + a * (y[i * toSize + d] as number);
    }
  }
  return m;
}

function gramOf(m: Float64Array, size: number, toSize: number): Float64Array {
  const gram = new Float64Array(toSize * toSize);
  for (let c = 0; c < size; c++) {
    for (let i = 0; i < toSize; i++) {
      const a = m[c * toSize + i] as number;
      for (let j = 0; j < toSize; j++)
        gram[i * toSize + j] = (gram[i * toSize + j] as number) + a * (m[c * toSize + j] as number);
    }
  }
  return gram;
}
