/** Named float32 tensors as `train.py` writes them: a JSON index [[name, shape], ...] behind its length in 4 bytes, then the numbers. */
export type Reference = ReadonlyMap<
  string,
  { readonly shape: readonly number[]; readonly data: Float32Array }
>;

export function readReference(file: Uint8Array): Reference {
  const bytes = Uint8Array.from(file); // own buffer: the view below must be aligned
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const index = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as [string, number[]][];
  let at = 4 + length;
  const all = index.map(([name, shape]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const data = new Float32Array(bytes.buffer, at, count);
    at += 4 * count;
    return [name, { shape, data }] as const;
  });
  return new Map(all);
}

export function writeReference(reference: Reference): Uint8Array {
  const index = JSON.stringify([...reference].map(([name, { shape }]) => [name, shape]));
  const head = Buffer.from(index + ' '.repeat((4 - (index.length % 4)) % 4));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(head.length);
  const bodies = [...reference.values()].map(({ data }) => Buffer.from(Float32Array.from(data).buffer));
  return Buffer.concat([length, head, ...bodies]);
}
