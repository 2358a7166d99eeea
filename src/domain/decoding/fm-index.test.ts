import fc from 'fast-check';
import { fmIndex } from './fm-index.js';
import { suffixArray } from './suffix-array.js';

const SYMBOLS = 4;
const texts = fc.array(fc.integer({ min: 0, max: SYMBOLS - 1 }), { maxLength: 60 });

function slowPositions(text: readonly number[], pattern: readonly number[]): number[] {
  return text.flatMap((_, at) => (pattern.every((symbol, i) => text[at + i] === symbol) ? [at] : []));
}

test('suffixes come in the order in which comparing them would put them', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const slow = text
        .map((_, at) => at)
        .sort((a, b) => (text.slice(a).join('') < text.slice(b).join('') ? -1 : 1));
      expect(Array.from(suffixArray(Int32Array.from(text), SYMBOLS))).toEqual(slow);
    }),
  );
});

test('backward search finds every place of a pattern and no other', () => {
  const patterns = fc.array(fc.integer({ min: 0, max: SYMBOLS - 1 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, patterns, (text, pattern) => {
      const index = fmIndex(Int32Array.from(text), SYMBOLS);
      const matches = pattern.reduce((found, symbol) => index.extend(found, symbol), index.everywhere);
      expect(Array.from(index.positions(matches)).sort((a, b) => a - b)).toEqual(
        slowPositions(text, pattern),
      );
      expect(index.count(pattern[0] ?? 0)).toBe(slowPositions(text, [pattern[0] ?? 0]).length);
    }),
  );
});
