/** Rows of a sparse matrix in flat arrays: the entries of row r are at rowStart[r] .. rowStart[r + 1] - 1. */
export interface SparseRows {
  readonly rowStart: Int32Array; // (rows + 1)
  readonly columns: Int32Array; // (entries), ascending within a row
  readonly values: Float32Array; // (entries)
}

/** One entry, by bisection of its row; 0 where there is none. */
export function valueAt({ rowStart, columns, values }: SparseRows, row: number, column: number): number {
  let [low, high] = [rowStart[row] ?? 0, (rowStart[row + 1] ?? 0) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = columns[middle] as number;
    if (found === column) return values[middle] as number;
    if (found < column) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}

/** Turns rows into columns by counting sort; entries of a row come out in ascending order. */
export function transposed({ rowStart, columns, values }: SparseRows, columnCount: number): SparseRows {
  const start = new Int32Array(columnCount + 1);
  for (const column of columns) start[column + 1] = (start[column + 1] as number) + 1;
  for (let c = 0; c < columnCount; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number);
  const next = start.slice(0, columnCount);
  const [out, outValues] = [new Int32Array(columns.length), new Float32Array(values.length)];
  for (let row = 0; row + 1 < rowStart.length; row++) {
    for (let e = rowStart[row] as number; e < (rowStart[row + 1] as number); e++) {
      const column = columns[e] as number;
      const at = next[column] as number;
      next[column] = at + 1;
      out[at] = row;
      outValues[at] = values[e] as number;
    }
  }
  return { rowStart: start, columns: out, values: outValues };
}

/** Who had what: one row per item, holding the people who had it (each once). */
export function peopleByItem(sequences: readonly Int32Array[], itemCount: number): SparseRows {
  const sets = sequences.map((sequence) => Int32Array.from(new Set(sequence)).sort());
  const rowStart = new Int32Array(sets.length + 1);
  sets.forEach((set, p) => (rowStart[p + 1] = (rowStart[p] ?? 0) + set.length));
  const columns = new Int32Array(rowStart[sets.length] as number);
  sets.forEach((set, p) => columns.set(set, rowStart[p]));
  return transposed({ rowStart, columns, values: new Float32Array(columns.length).fill(1) }, itemCount);
}
