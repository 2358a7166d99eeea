import { type Random } from '../random.js';
import { cooccurrence, type SparseMatrix } from './cooccurrence.js';
import { leadingEigenvectors } from './leading-eigenvectors.js';
import { normaliseRows } from './normalise-rows.js';

/**
 * One vector per item from who met whom: the leading eigenvectors of the PPMI matrix, scaled by √λ
 * (Levy & Goldberg 2014 show that word2vec factorises this matrix). Items never met with another keep a zero vector.
 */
export function collaborativeVectors(
  sequences: readonly Int32Array[],
  itemCount: number,
  size: number,
  random: Random,
): Float32Array {
  const ppmi = cooccurrence(sequences, itemCount);
  const count = Math.min(size, itemCount);
  const eigen = leadingEigenvectors((y, width) => multiplySparse(ppmi, y, width), itemCount, count, random);
  const out = new Float32Array(itemCount * size);
  for (let i = 0; i < itemCount; i++) {
    for (let c = 0; c < eigen.count; c++) {
      const root = Math.sqrt(Math.max(0, eigen.values[c] as number));
      out[i * size + c] = (eigen.vectors[i * eigen.count + c] as number) * root;
    }
  }
  return normaliseRows(out, size);
}

function multiplySparse(a: SparseMatrix, y: Float32Array, width: number): Float32Array {
  const out = new Float32Array(a.size * width);
  for (let i = 0; i < a.size; i++) {
    const at = i * width;
    for (let p = a.start[i] as number; p < (a.start[i + 1] as number); p++) {
      const w = a.values[p] as number;
      const from = (a.columns[p] as number) * width;
      for (let c = 0; c < width; c++) out[at + c] = (out[at + c] as number) + w * (y[from + c] as number);
    }
  }
  return out;
}
