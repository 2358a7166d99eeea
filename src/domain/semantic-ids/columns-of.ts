/** Some neighbouring columns of a row-major matrix, row after row. */
export function columnsOf(
  rows: Float32Array,
  size: number,
  { from, to }: { from: number; to: number },
): Float32Array {
  const count = rows.length / size;
  const out = new Float32Array(count * (to - from));
  for (let i = 0; i < count; i++) out.set(rows.subarray(i * size + from, i * size + to), i * (to - from));
  return out;
}
