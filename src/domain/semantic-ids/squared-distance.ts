/** ‖x − row‖² of the point x that begins at `at` in `points`, as long as the row. */
export function squaredDistance(points: Float32Array, at: number, row: Float32Array): number {
  let sum = 0;
  for (let c = 0; c < row.length; c++) sum += ((points[at + c] as number) - (row[c] as number)) ** 2;
  return sum;
}
