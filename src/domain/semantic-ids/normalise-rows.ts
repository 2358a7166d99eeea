/** Scales each row of a row-major matrix to length 1, in place; zero rows stay zero. */
export function normaliseRows(matrix: Float32Array, size: number): Float32Array {
  for (let at = 0; at < matrix.length; at += size) {
    let norm = 0;
    for (let c = 0; c < size; c++) norm += (matrix[at + c] as number) ** 2;
    if (norm < 1e-24) continue;
    const scale = 1 / Math.sqrt(norm);
    for (let c = 0; c < size; c++) matrix[at + c] = (matrix[at + c] as number) * scale;
  }
  return matrix;
}
