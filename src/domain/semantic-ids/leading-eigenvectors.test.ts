import { seededRandom } from '../random.js';
import { leadingEigenvectors } from './leading-eigenvectors.js';

test('finds the eigenvectors a matrix was built from', () => {
  const [size, rank] = [30, 3];
  const random = seededRandom('eigen');
  const values = [9, 4, 1];
  const basis: number[][] = [];
  for (let r = 0; r < rank; r++) {
    let v = Array.from({ length: size }, () => random.normal());
    for (const b of basis) {
      const overlap = v.reduce((s, x, i) => s + x * (b[i] ?? 0), 0);
      v = v.map((x, i) => x - overlap * (b[i] ?? 0));
    }
    const norm = Math.hypot(...v);
    basis.push(v.map((x) => x / norm));
  }
  const multiply = (y: Float32Array, width: number) => {
    const out = new Float32Array(size * width);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const a = basis.reduce((s, b, r) => s + (values[r] ?? 0) * (b[i] ?? 0) * (b[j] ?? 0), 0);
        for (let c = 0; c < width; c++) {
          out[i * width + c] = (out[i * width + c] ?? 0) + a * (y[j * width + c] ?? 0);
        }
      }
    }
    return out;
  };
  const found = leadingEigenvectors(multiply, size, rank, seededRandom(1));
  values.forEach((value, r) => {
    expect(found.values[r]).toBeCloseTo(value, 3);
    const overlap = (basis[r] ?? []).reduce((s, x, i) => s + x * (found.vectors[i * rank + r] ?? 0), 0);
    expect(Math.abs(overlap)).toBeCloseTo(1, 3);
  });
});
