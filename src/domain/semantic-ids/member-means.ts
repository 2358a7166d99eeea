/** The mean of each centroid's points; one that has none stays. */
export function memberMeans(points: Float32Array, codes: Int32Array, old: Float32Array): Float32Array {
  const size = points.length / codes.length;
  const members = new Int32Array(old.length / size);
  const sums = new Float64Array(old.length);
  codes.forEach((k, i) => {
    members[k] = (members[k] as number) + 1;
    for (let c = 0; c < size; c++)
      sums[k * size + c] = (sums[k * size + c] as number) + (points[i * size + c] as number);
  });
  return old.map((x, at) => {
    const n = members[Math.floor(at / size)] as number;
    return n === 0 ? x : (sums[at] as number) / n;
  });
}
