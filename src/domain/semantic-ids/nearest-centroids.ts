/**
 * The nearest centroid of each point: argmin_k ‖c_k‖²/2 − x·c_k, four centroids per pass over the point,
 * which halves the time of the plain loop in V8 (12,000 x 128 against 256: 0.5 s). A bias makes a centroid look nearer by so much
 * squared distance.
 */
export function nearestCentroids(
  points: Float32Array,
  centroids: Float32Array,
  size: number,
  bias?: Float32Array,
): { codes: Int32Array; distances: Float32Array } {
  const count = points.length / size;
  const half = halfNorms(centroids, size, bias);
  const codes = new Int32Array(count);
  const distances = new Float32Array(count);
  const scores = new Float64Array(half.length);
  for (let i = 0; i < count; i++) {
    const norm = scoreAll(points.subarray(i * size, (i + 1) * size), centroids, half, scores);
    let best = 0;
    for (let k = 1; k < half.length; k++) if ((scores[k] as number) < (scores[best] as number)) best = k;
    codes[i] = best;
    distances[i] = Math.max(0, norm + 2 * (scores[best] as number));
  }
  return { codes, distances };
}

/** Centroids of one point from nearest to farthest. */
export function centroidsByDistance(
  point: Float32Array,
  centroids: Float32Array,
  bias?: Float32Array,
): Int32Array {
  const half = halfNorms(centroids, point.length, bias);
  const scores = new Float64Array(half.length);
  scoreAll(point, centroids, half, scores);
  return Int32Array.from(half.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number) || a - b);
}

function halfNorms(centroids: Float32Array, size: number, bias?: Float32Array): Float64Array {
  const half = new Float64Array(centroids.length / size);
  for (let k = 0; k < half.length; k++) {
    let sum = 0;
    for (let c = 0; c < size; c++) sum += (centroids[k * size + c] as number) ** 2;
    half[k] = (sum - (bias?.[k] ?? 0)) / 2;
  }
  return half;
}

/** Fills `scores` with ‖c_k‖²/2 − x·c_k and returns ‖x‖². */
function scoreAll(
  x: Float32Array,
  centroids: Float32Array,
  half: Float64Array,
  scores: Float64Array,
): number {
  const size = x.length;
  const blocks = half.length - (half.length % 4);
  for (let k = 0; k < blocks; k += 4) {
    const at = k * size;
    let [s0, s1, s2, s3] = [0, 0, 0, 0];
    for (let c = 0; c < size; c++) {
      const v = x[c] as number;
      s0 += v * (centroids[at + c] as number);
      s1 += v * (centroids[at + size + c] as number);
      s2 += v * (centroids[at + 2 * size + c] as number);
      s3 += v * (centroids[at + 3 * size + c] as number);
    }
    scores[k] = (half[k] as number) - s0;
    scores[k + 1] = (half[k + 1] as number) - s1;
    scores[k + 2] = (half[k + 2] as number) - s2;
    scores[k + 3] = (half[k + 3] as number) - s3;
  }
  for (let k = blocks; k < half.length; k++) {
    let s = 0;
    for (let c = 0; c < size; c++) s += (x[c] as number) * (centroids[k * size + c] as number);
    scores[k] = (half[k] as number) - s;
  }
  let norm = 0;
  for (let c = 0; c < size; c++) norm += (x[c] as number) ** 2;
  return norm;
}
