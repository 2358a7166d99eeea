import { memberMeans } from './member-means.js';
import { nearestCentroids } from './nearest-centroids.js';
import { squaredDistance } from './squared-distance.js';

/** Rounds of assigning and moving: the entropy of every level is then above 0.99 on MovieLens-100K. */
const ROUNDS = 3;
const SINKHORN_STEPS = 60;
/** Softness of the transport beside the mean squared distance to the nearest centroid: small, so that the plan is nearly hard. */
const SOFTNESS = 0.1;

/**
 * Centroids that are used alike: k-means with the assignment of an entropic optimal transport to equal shares (Sinkhorn 1967,
 * Cuturi 2013; the uniform mapping of LC-Rec, the diversity that LETTER wants). The prices b_k of the transport are kept:
 * argmin_k ‖x − c_k‖² − b_k is then the same balanced choice for an item that comes later.
 */
export function balanceCentroids(
  points: Float32Array,
  start: Float32Array,
  size: number,
): { centroids: Float32Array; bias: Float32Array } {
  let centroids = start;
  let bias = balancingBias(points, centroids, size);
  for (let round = 0; round < ROUNDS; round++) {
    centroids = memberMeans(points, nearestCentroids(points, centroids, size, bias).codes, centroids);
    bias = balancingBias(points, centroids, size);
  }
  return { centroids, bias };
}

/** b = ε log v, where v makes every centroid's share of P_ik = u_i exp(−d_ik / ε) v_k the same. */
function balancingBias(points: Float32Array, centroids: Float32Array, size: number): Float32Array {
  const count = points.length / size;
  const codes = centroids.length / size;
  const { distances } = nearestCentroids(points, centroids, size);
  const softness = Math.max(1e-6, (SOFTNESS * distances.reduce((a, b) => a + b, 0)) / count);
  const kernel = new Float32Array(count * codes); // exp((d_nearest − d_ik) / ε): the row's scale goes into u
  for (let i = 0; i < count; i++) {
    const point = points.subarray(i * size, (i + 1) * size);
    for (let k = 0; k < codes; k++) {
      const farther = squaredDistance(centroids, k * size, point) - (distances[i] as number);
      kernel[i * codes + k] = Math.exp(-Math.max(0, farther) / softness);
    }
  }
  const v = new Float64Array(codes).fill(1);
  for (let step = 0; step < SINKHORN_STEPS; step++) sinkhornStep(kernel, v);
  return Float32Array.from(v, (x) => softness * Math.log(x));
}

/** u_i = 1 / (K v)_i, then v_k = (n / codes) / (Kᵀ u)_k. */
function sinkhornStep(kernel: Float32Array, v: Float64Array): void {
  const codes = v.length;
  const count = kernel.length / codes;
  const mass = new Float64Array(codes);
  for (let i = 0; i < count; i++) {
    let row = 0;
    for (let k = 0; k < codes; k++) row += (kernel[i * codes + k] as number) * (v[k] as number);
    const u = 1 / Math.max(row, 1e-30);
    for (let k = 0; k < codes; k++) mass[k] = (mass[k] as number) + u * (kernel[i * codes + k] as number);
  }
  mass.forEach((m, k) => (v[k] = count / codes / Math.max(m, 1e-30)));
}
