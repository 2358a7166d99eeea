export type DType = 'f32' | 'i64' | 'bool';
export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** Row-major strides. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] ?? 1) * (shape[i + 1] ?? 1);
  return strides;
}

/** NumPy's rule: align at the end; 1 stretches. */
export function broadcastShapes(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1];
    if (m !== n && m !== 1 && n !== 1) throw new Error(`cannot broadcast ${a.join('x')} with ${b.join('x')}`);
    return m === 1 ? n : m;
  });
}

/** For each element of `to`, in order, where the element it is stretched from lies in a tensor of shape `from`. */
export function broadcastIndex(from: Shape, to: Shape): Int32Array {
  const lead = to.length - from.length;
  const own = stridesOf(from);
  const strides = to.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : (own[i - lead] ?? 0)));
  return stridedIndex(to, strides);
}

/** For each index of `shape`, in order, `offset` + the sum of index times stride. */
export function stridedIndex(shape: Shape, strides: readonly number[], offset = 0): Int32Array {
  let places = Int32Array.of(offset);
  shape.forEach((n, axis) => {
    const stride = strides[axis] ?? 0;
    const next = new Int32Array(places.length * n);
    places.forEach((place, i) => {
      for (let k = 0; k < n; k++) next[i * n + k] = place + k * stride;
    });
    places = next;
  });
  return places;
}

/** An axis counted from the end when negative. */
export function axisOf(shape: Shape, axis: number): number {
  const found = axis < 0 ? axis + shape.length : axis;
  if (found < 0 || found >= shape.length) throw new Error(`no axis ${axis} in ${shape.join('x')}`);
  return found;
}
