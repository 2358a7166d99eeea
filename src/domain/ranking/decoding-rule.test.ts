import { decodingFor } from './decoding-rule.js';

test('small catalogues are scored whole, large ones searched, and wider beams pay later', () => {
  expect(decodingFor(12_101)).toBe('exact');
  expect(decodingFor(100_000)).toBe('beam');
  expect(decodingFor(10_000_000, 512)).toBe('beam');
  expect(decodingFor(30_000, 64)).toBe('beam');
  expect(decodingFor(30_000, 256)).toBe('exact');
});
