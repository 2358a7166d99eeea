import { decodeTree, encodeTree } from './artefact-bytes.js';

const tree = {
  name: 'ranker',
  ids: ['a', 'b'],
  nothing: null,
  parts: {
    weights: Float32Array.of(1.5, -2, 3),
    digits: Uint16Array.of(1, 2, 65535),
    empty: new Int32Array(),
  },
  list: [Float64Array.of(Math.PI), Uint8Array.of(7)],
};

test('a tree comes back as it was, numbers bit by bit', () => {
  expect(decodeTree(encodeTree(tree))).toEqual(tree);
});

test('bytes that lie in the middle of another buffer are read too, also those of a Node Buffer', () => {
  expect(decodeTree(Buffer.concat([encodeTree(tree)]))).toEqual(tree);
  const bytes = encodeTree(tree);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeTree(shifted.subarray(3))).toEqual(tree);
});

test.each([
  ['cut off', encodeTree(tree).subarray(0, -9)],
  ['cut off', encodeTree(tree).subarray(0, 40)],
  ['unknown format', new Uint8Array(64)],
  ['3 bytes', new Uint8Array(3)],
])('bytes of anything else are refused: %s', (reason, bytes) => {
  expect(() => decodeTree(bytes)).toThrow(reason);
});
