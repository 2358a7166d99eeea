/** The `count` rows most like the query by inner product (only positive ones), best first, without those that are skipped. */
export function nearestRows(
  query: Float32Array,
  { rows, stride }: { rows: Float32Array; stride: number },
  count: number,
  isSkipped: (row: number) => boolean = () => false,
): { row: number; similarity: number }[] {
  const best: { row: number; similarity: number }[] = [];
  const total = rows.length / stride;
  for (let row = 0; row < total; row++) {
    let similarity = 0;
    for (let c = 0; c < query.length; c++) {
      similarity += (query[c] as number) * (rows[row * stride + c] as number);
    }
    if (similarity <= (best[count - 1]?.similarity ?? 0) || isSkipped(row)) continue;
    best.push({ row, similarity });
    best.sort((a, b) => b.similarity - a.similarity);
    if (best.length > count) best.pop();
  }
  return best;
}
