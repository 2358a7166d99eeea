import { type Random } from '../random.js';
import { nearestCentroids } from './nearest-centroids.js';
import { squaredDistance } from './squared-distance.js';

export interface KMeansOptions {
  readonly size: number;
  readonly codes: number;
  readonly random: Random;
}

/** Points looked at per step: Sculley 2010 shows batches near 1,000 reach Lloyd's quality at a fraction of its cost. */
const BATCH = 1024;
const STEPS = 24;
/** Full Lloyd passes at the end take out the noise of the last batches. */
const FULL_PASSES = 2;
/** k-means++ needs a draw per centroid over all candidates; 4,096 candidates keep it below a second at 256 codes. */
const SEEDING_SAMPLE = 4096;

/** Seeded k-means: k-means++ start (Arthur & Vassilvitskii 2007), mini-batches, two Lloyd passes; empty centroids are re-seeded. */
export function kmeans(points: Float32Array, options: KMeansOptions): Float32Array {
  const { size, codes, random } = options;
  const count = points.length / size;
  const centroids = seedCentroids(points, options);
  const seen = new Float64Array(codes).fill(1);
  if (count > 4 * BATCH) {
    for (let step = 0; step < STEPS; step++) {
      moveByBatch(centroids, gatherRows(points, size, draw(count, BATCH, random)), { size, seen });
    }
  }
  const passes = count > 4 * BATCH ? FULL_PASSES : STEPS / 2;
  for (let pass = 0; pass < passes; pass++) lloydPass(points, centroids, options);
  return centroids;
}

function seedCentroids(points: Float32Array, { size, codes, random }: KMeansOptions): Float32Array {
  const count = points.length / size;
  const sample = gatherRows(points, size, draw(count, Math.min(count, SEEDING_SAMPLE), random));
  const candidates = sample.length / size;
  const centroids = new Float32Array(codes * size);
  const distance = new Float64Array(candidates).fill(Infinity);
  let chosen = random.int(candidates);
  for (let k = 0; k < codes; k++) {
    const centroid = sample.subarray(chosen * size, (chosen + 1) * size);
    centroids.set(centroid, k * size);
    let total = 0;
    for (let i = 0; i < candidates; i++) {
      const d = squaredDistance(sample, i * size, centroid);
      if (d < (distance[i] as number)) distance[i] = d;
      total += distance[i] as number;
    }
    chosen = drawByWeight(distance, total, random);
  }
  return centroids;
}

function moveByBatch(
  centroids: Float32Array,
  batch: Float32Array,
  { size, seen }: { size: number; seen: Float64Array },
): void {
  const { codes: nearest } = nearestCentroids(batch, centroids, size);
  nearest.forEach((k, i) => {
    const n = (seen[k] as number) + 1;
    seen[k] = n;
    for (let c = 0; c < size; c++) {
      const old = centroids[k * size + c] as number;
      centroids[k * size + c] = old + ((batch[i * size + c] as number) - old) / n;
    }
  });
}

function lloydPass(
  points: Float32Array,
  centroids: Float32Array,
  { size, codes, random }: KMeansOptions,
): void {
  const { codes: nearest, distances } = nearestCentroids(points, centroids, size);
  const sums = new Float64Array(codes * size);
  const members = new Int32Array(codes);
  nearest.forEach((k, i) => {
    members[k] = (members[k] as number) + 1;
    for (let c = 0; c < size; c++) {
      sums[k * size + c] = (sums[k * size + c] as number) + (points[i * size + c] as number);
    }
  });
  const spread = distances.reduce((a, b) => a + b, 0);
  for (let k = 0; k < codes; k++) {
    const n = members[k] as number;
    if (n === 0) {
      const far = drawByWeight(distances, spread, random); // an unused code goes where the error is
      centroids.set(points.subarray(far * size, (far + 1) * size), k * size);
    } else {
      for (let c = 0; c < size; c++) centroids[k * size + c] = (sums[k * size + c] as number) / n;
    }
  }
}

function drawByWeight(weights: Float64Array | Float32Array, total: number, random: Random): number {
  if (total <= 0) return random.int(weights.length);
  let left = random.next() * total;
  for (let i = 0; i < weights.length; i++) {
    left -= weights[i] as number;
    if (left <= 0) return i;
  }
  return weights.length - 1;
}

/** `wanted` different indices below `count`: the first ones of a partial Fisher–Yates. */
function draw(count: number, wanted: number, random: Random): Int32Array {
  const all = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < wanted; i++) {
    const j = i + random.int(count - i);
    [all[i], all[j]] = [all[j] as number, all[i] as number];
  }
  return all.subarray(0, wanted);
}

function gatherRows(points: Float32Array, size: number, rows: Int32Array): Float32Array {
  const out = new Float32Array(rows.length * size);
  rows.forEach((r, i) => out.set(points.subarray(r * size, (r + 1) * size), i * size));
  return out;
}
