import { symmetricEigen } from './symmetric-eigen.js';

interface Cloud {
  readonly mean: Float64Array; // (d)
  readonly covariance: Float64Array; // (d, d)
}

/** Fréchet distance of two sets of vectors taken as normal (Heusel et al. 2017): |μa − μb|² + tr(Σa + Σb − 2 (Σa Σb)^½). */
export function frechetDistance(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  const [A, B] = [cloudOf(a), cloudOf(b)];
  const d = A.mean.length;
  const apart = A.mean.reduce((sum, value, i) => sum + (value - (B.mean[i] ?? 0)) ** 2, 0);
  const root = squareRoot(A.covariance, d);
  const inner = symmetricEigen(product(product(root, B.covariance, d), root, d), d); // of Σa^½ Σb Σa^½, whose values Σa Σb shares
  const cross = inner.values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return apart + trace(A.covariance, d) + trace(B.covariance, d) - 2 * cross;
}

function cloudOf(rows: readonly ArrayLike<number>[]): Cloud {
  if (rows.length < 2) throw new Error(`at least 2 vectors were wanted, ${rows.length} came`);
  const d = rows[0]?.length ?? 0;
  const mean = new Float64Array(d);
  for (const row of rows) for (let i = 0; i < d; i++) addTo(mean, i, (row[i] ?? 0) / rows.length);
  const covariance = new Float64Array(d * d);
  for (const row of rows) {
    const away = mean.map((value, i) => (row[i] ?? 0) - value);
    away.forEach((a, i) => away.forEach((b, j) => addTo(covariance, i * d + j, (a * b) / (rows.length - 1))));
  }
  return { mean, covariance };
}

function addTo(values: Float64Array, at: number, amount: number): void {
  values[at] = (values[at] ?? 0) + amount;
}

function squareRoot(matrix: Float64Array, d: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, d);
  const root = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const scale = Math.sqrt(Math.max(0, values[k] ?? 0));
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++)
        root[i * d + j] =
          (root[i * d + j] ?? 0) + scale * (vectors[k * d + i] ?? 0) * (vectors[k * d + j] ?? 0);
  }
  return root;
}

function product(a: Float64Array, b: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let k = 0; k < d; k++)
      for (let j = 0; j < d; j++)
        out[i * d + j] = (out[i * d + j] ?? 0) + (a[i * d + k] ?? 0) * (b[k * d + j] ?? 0);
  return out;
}

function trace(matrix: Float64Array, d: number): number {
  return Array.from({ length: d }, (_, i) => matrix[i * d + i] ?? 0).reduce((sum, value) => sum + value, 0);
}
