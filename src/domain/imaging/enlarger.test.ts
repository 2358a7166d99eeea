import { seededRandom } from '../random.js';
import { assembleBlocks, BLOCK_VALUES, blockOf, CONTEXT_VALUES, contextsOf } from './enlarger.js';

const random = seededRandom(8);
const noise = (length: number) => Float32Array.from({ length }, () => random.normal());

test('a picture cut into blocks and put together again is the same picture', () => {
  const large = noise(64 * 64 * 3);
  const blocks = new Float32Array(16 * BLOCK_VALUES);
  for (let block = 0; block < 16; block++) blocks.set(blockOf(large, 64, block), block * BLOCK_VALUES);
  expect(assembleBlocks(blocks, 64)).toEqual(large);
});

test('a context holds its own block in the middle and white beyond the edge', () => {
  const small = noise(16 * 16 * 3);
  const contexts = contextsOf(small, 16);
  const pixel = (block: number, y: number, x: number) => contexts[block * CONTEXT_VALUES + (y * 12 + x) * 3];
  expect(contexts.length).toBe(16 * CONTEXT_VALUES);
  expect(pixel(0, 4, 4)).toBe(small[0]); // block 0 starts at pixel (0, 0)
  expect(pixel(0, 3, 4)).toBe(1); // above the picture
  expect(pixel(5, 0, 0)).toBe(small[0]); // block 5 is at (4, 4): its context begins at (0, 0)
  expect(pixel(5, 11, 11)).toBe(small[(11 * 16 + 11) * 3]);
});
