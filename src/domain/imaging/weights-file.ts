import { fromHalf, toHalf } from './half-floats.js';

/** Named tensors as one file: a JSON index (UTF-8, its length in the first 4 bytes), then 16-bit floats in the order of the index. */
export function packWeights(weights: Readonly<Record<string, Float32Array>>): Uint8Array {
  const names = Object.keys(weights).sort();
  const index = utf8(JSON.stringify(names.map((name) => [name, weights[name]?.length ?? 0])));
  const start = 4 + index.length + ((4 + index.length) % 2);
  const total = names.reduce((sum, name) => sum + (weights[name]?.length ?? 0), 0);
  const file = new Uint8Array(start + 2 * total);
  new DataView(file.buffer).setUint32(0, index.length, true);
  file.set(index, 4);
  const halves = new Uint16Array(file.buffer, start, total);
  let at = 0;
  for (const name of names) {
    const values = weights[name] ?? new Float32Array();
    halves.set(toHalf(values), at);
    at += values.length;
  }
  return file;
}

export function unpackWeights(file: Uint8Array): Record<string, Float32Array> {
  const bytes = Uint8Array.from(file); // own buffer: the view below must be aligned
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const index = JSON.parse(fromUtf8(bytes.subarray(4, 4 + length))) as [string, number][];
  let at = 4 + length + ((4 + length) % 2);
  const weights: Record<string, Float32Array> = {};
  for (const [name, count] of index) {
    if (at + 2 * count > bytes.length) throw new Error(`the weights file ends inside ${name}`);
    weights[name] = fromHalf(new Uint16Array(bytes.buffer, at, count));
    at += 2 * count;
  }
  return weights;
}

/** Names and numbers are ASCII, which is all this needs of UTF-8. */
function utf8(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function fromUtf8(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}
