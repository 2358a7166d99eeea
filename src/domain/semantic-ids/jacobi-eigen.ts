/** Sweeps of rotations; 76 x 76 matrices are diagonal to machine precision after 8 to 10. */
const MAX_SWEEPS = 30;

/** All eigenvalues and eigenvectors (columns) of a small symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, §8.5). */
export function jacobiEigen(
  matrix: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  const tiny = 1e-22 * sumOfSquares(a);
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a, n) > tiny; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotatePair(a, v, n, [p, q]);
  }
  return { values: Float64Array.from({ length: n }, (_, i) => a[i * n + i] as number), vectors: v };
}

function rotatePair(a: Float64Array, v: Float64Array, n: number, [p, q]: readonly [number, number]): void {
  const apq = a[p * n + q] as number;
  if (apq === 0) return;
  const theta = ((a[q * n + q] as number) - (a[p * n + p] as number)) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q, [c, s]);
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k, [c, s]);
  for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q, [c, s]);
}

function turn(m: Float64Array, i: number, j: number, [c, s]: readonly [number, number]): void {
  const x = m[i] as number;
  const y = m[j] as number;
  m[i] = c * x - s * y;
  m[j] = s * x + c * y;
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) sum += 2 * (a[i * n + j] as number) ** 2;
  return sum;
}

function sumOfSquares(a: Float64Array): number {
  return a.reduce((s, x) => s + x * x, 0);
}
