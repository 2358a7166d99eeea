/** A sparse square matrix in compressed rows: row i holds columns[start[i] .. start[i + 1]) with `values` beside them. */
export interface SparseMatrix {
  readonly size: number;
  readonly start: Int32Array; // (size + 1)
  readonly columns: Int32Array; // (nonzero)
  readonly values: Float32Array; // (nonzero)
}

/** How far apart two items of one history may stand and still be counted as met together; farther pairs carry < 11 %. */
const WINDOW = 10;
/** Weight lost per step of distance: the neighbour counts 1, the tenth 0.13. */
const DECAY = 0.8;
/** Exponent on the context's frequency (Levy & Goldberg 2015): keeps rare items from dominating by chance. */
const CONTEXT_SMOOTHING = 0.75;

/**
 * Shifted-free positive pointwise mutual information of items met in the same histories (Levy & Goldberg 2014):
 * PPMI_ij = max(0, log(C_ij ΣC / (C_i · C_j^0.75-smoothed))), symmetric by using C_ij = C_ji and averaging both directions.
 */
export function cooccurrence(sequences: readonly Int32Array[], itemCount: number): SparseMatrix {
  return positiveMutualInformation(decayedCounts(sequences, itemCount));
}

function decayedCounts(sequences: readonly Int32Array[], itemCount: number): SparseMatrix {
  const places = placesOfItems(sequences, itemCount);
  const row = new Float32Array(itemCount);
  const touched: number[] = [];
  const start = new Int32Array(itemCount + 1);
  const columns: Int32Array[] = [];
  const values: Float32Array[] = [];
  for (let item = 0; item < itemCount; item++) {
    for (let p = places.start[item] as number; p < (places.start[item + 1] as number); p++) {
      addNeighbours(sequences[places.sequence[p] as number] as Int32Array, places.position[p] as number, {
        row,
        touched,
      });
    }
    touched.sort((a, b) => a - b);
    columns.push(Int32Array.from(touched));
    values.push(Float32Array.from(touched, (j) => row[j] as number));
    start[item + 1] = (start[item] as number) + touched.length;
    for (const j of touched) row[j] = 0;
    touched.length = 0;
  }
  return { size: itemCount, start, columns: joinInts(columns), values: joinFloats(values) };
}

function addNeighbours(
  sequence: Int32Array,
  position: number,
  into: { row: Float32Array; touched: number[] },
): void {
  const item = sequence[position] as number;
  const last = Math.min(sequence.length - 1, position + WINDOW);
  for (let q = Math.max(0, position - WINDOW); q <= last; q++) {
    const other = sequence[q] as number;
    if (other === item) continue;
    if (into.row[other] === 0) into.touched.push(other);
    into.row[other] = (into.row[other] as number) + DECAY ** (Math.abs(q - position) - 1);
  }
}

/** Where each item occurs: an inverted index in flat arrays, so that a row of counts needs one pass and one buffer. */
function placesOfItems(sequences: readonly Int32Array[], itemCount: number) {
  const start = new Int32Array(itemCount + 1);
  for (const s of sequences) for (const item of s) start[item + 1] = (start[item + 1] as number) + 1;
  for (let i = 0; i < itemCount; i++) start[i + 1] = (start[i + 1] as number) + (start[i] as number);
  const total = start[itemCount] as number;
  const sequence = new Int32Array(total);
  const position = new Int32Array(total);
  const next = start.slice();
  sequences.forEach((s, n) => {
    s.forEach((item, at) => {
      const p = next[item] as number;
      sequence[p] = n;
      position[p] = at;
      next[item] = p + 1;
    });
  });
  return { start, sequence, position };
}

function positiveMutualInformation(counts: SparseMatrix): SparseMatrix {
  const { size, start, columns } = counts;
  const mass = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let p = start[i] as number; p < (start[i + 1] as number); p++) {
      mass[i] = (mass[i] as number) + (counts.values[p] as number);
    }
  }
  const total = mass.reduce((a, b) => a + b, 0);
  const smooth = mass.map((m) => m ** CONTEXT_SMOOTHING);
  const smoothTotal = smooth.reduce((a, b) => a + b, 0);
  const context = smooth.map((s) => s / smoothTotal);
  const values = new Float32Array(columns.length);
  for (let i = 0; i < size; i++) {
    for (let p = start[i] as number; p < (start[i + 1] as number); p++) {
      const j = columns[p] as number;
      const joint = (counts.values[p] as number) / total;
      const forward = joint / (((mass[i] as number) / total) * (context[j] as number));
      const backward = joint / (((mass[j] as number) / total) * (context[i] as number));
      values[p] = Math.max(0, 0.5 * Math.log(forward * backward));
    }
  }
  return { size, start, columns, values };
}

function joinInts(parts: readonly Int32Array[]): Int32Array {
  const out = new Int32Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
  return out;
}

function joinFloats(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (out.set(p, at), at + p.length), 0);
  return out;
}
