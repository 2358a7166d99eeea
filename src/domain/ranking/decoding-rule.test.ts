import { decodingFor, decodingOf } from './decoding-rule.js';

test('small catalogues are scored whole, large ones searched, and wider beams pay later', () => {
  expect(decodingFor(12_101)).toBe('exact');
  expect(decodingFor(100_000)).toBe('beam');
  expect(decodingFor(10_000_000, 512)).toBe('beam');
  expect(decodingFor(30_000, 64)).toBe('beam');
  expect(decodingFor(30_000, 256)).toBe('exact');
});

test('what a recipe names is done, and refused where the codes have no tree', () => {
  expect(decodingOf({})).toBeUndefined();
  expect(decodingOf({ decoding: 'auto' })).toBeUndefined();
  expect(decodingOf({ decoding: 'draft', tokenizer: 'text' })).toBe('draft');
  expect(decodingOf({ decoding: 'exact', tokenizer: 'product' })).toBe('exact');
  expect(() => decodingOf({ decoding: 'draft', tokenizer: 'product' })).toThrow('exact was wanted');
});
