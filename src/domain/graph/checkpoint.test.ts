import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.js';

const saved = encodeCheckpoint({
  facts: { step: 12, kind: 'ranker' },
  tensors: { a: Float32Array.of(1.5, -2), 'b/c': Float32Array.of(3) },
});

test('what is saved is read back', () => {
  const { facts, tensors } = decodeCheckpoint(saved);
  expect(facts).toEqual({ step: 12, kind: 'ranker' });
  expect([...(tensors['a'] ?? [])]).toEqual([1.5, -2]);
  expect([...(tensors['b/c'] ?? [])]).toEqual([3]);
});

test('bytes at an odd place in a larger buffer are read too', () => {
  const moved = new Uint8Array(saved.length + 3);
  moved.set(saved, 3);
  expect(decodeCheckpoint(moved.subarray(3)).tensors['a']?.[1]).toBe(-2);
});

test("Node's Buffer is read too, though its slice shares memory", () => {
  expect(decodeCheckpoint(Buffer.from(saved)).tensors['b/c']?.[0]).toBe(3);
});

test.each([
  ['a cut file', saved.subarray(0, saved.length - 1)],
  ['an empty file', new Uint8Array()],
  ['another format', new TextEncoder().encode('\u0002\0\0\0\0\0\0\0{}')],
  ['noise', new Uint8Array(64).fill(1)],
])('%s is refused', (_, bytes) => {
  expect(() => decodeCheckpoint(bytes)).toThrow(/not a checkpoint/);
});
