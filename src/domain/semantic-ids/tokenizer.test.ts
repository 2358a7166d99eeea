import { seededRandom } from '../random.js';
import { codeHealth } from './code-health.js';
import type { ItemSpace } from './item-space.js';
import { assignPlainIds, plainDigitsFor } from './plain-ids.js';
import { assignTextIds, learnWordBooks, readTextId } from './text-ids.js';
import {
  learnTokenizer,
  semanticLevels,
  tokenize,
  TOKENIZER_NAMES,
  type TokenizerName,
} from './tokenizer.js';

const SIZE = 16;
const ITEMS = 300;

/** A big crowd of look-alikes and small groups: what nearest centroids use unevenly. */
function lopsided(noise = 0.15): ItemSpace {
  const random = seededRandom('lopsided');
  const vectors = new Float32Array(ITEMS * SIZE);
  for (let i = 0; i < ITEMS; i++) {
    const group = i < 200 ? 0 : 1 + (i % 10);
    const row = vectors.subarray(i * SIZE, (i + 1) * SIZE);
    for (let c = 0; c < SIZE; c++) row[c] = (c === group ? 1 : 0) + noise * random.normal();
    const norm = Math.hypot(...row);
    row.forEach((x, c) => (row[c] = x / norm));
  }
  return { size: SIZE, itemCount: ITEMS, vectors, content: null };
}

const titles = Array.from({ length: ITEMS }, (_, i) => `Story ${i % 7} of colour${i % 30} number${i}`);
const order = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

function codesWith(kind: TokenizerName, space = lopsided()) {
  const tokenizer = learnTokenizer(kind, { space, texts: titles }, seededRandom('books'));
  const make = () => tokenize(tokenizer, { vectors: space.vectors, texts: titles, order: order(ITEMS) });
  return { space, tokenizer, make, ids: make() };
}

const rowsOf = ({ digits, levels }: { digits: Uint16Array; levels: number }) =>
  Array.from({ length: digits.length / levels }, (_, i) =>
    digits.subarray(i * levels, (i + 1) * levels).join('.'),
  );

test.each(TOKENIZER_NAMES)(
  '%s: every item has its own code, the same each time, within its radix',
  (kind) => {
    const { ids, make } = codesWith(kind);
    expect(new Set(rowsOf(ids)).size).toBe(ITEMS);
    expect(make()).toEqual(ids);
    ids.digits.forEach((digit, at) => expect(digit).toBeLessThan(ids.radix[at % ids.levels] ?? 0));
  },
);

test.each(TOKENIZER_NAMES)('%s: items that come later get free codes and move nobody', (kind) => {
  const { ids, tokenizer, space } = codesWith(kind);
  const later = {
    vectors: space.vectors.slice(0, 20 * SIZE), // the very same items once more
    texts: titles.slice(0, 20),
    order: order(20),
  };
  const grown = tokenize(tokenizer, later, ids);
  expect(grown.itemCount).toBe(ITEMS + 20);
  expect(grown.digits.slice(0, ids.digits.length)).toEqual(ids.digits);
  expect(new Set(rowsOf(grown)).size).toBe(ITEMS + 20);
  grown.digits.forEach((digit, at) => expect(digit).toBeLessThan(ids.radix[at % ids.levels] ?? 0));
});

test('collaborative codes are used far more evenly than residual ones', () => {
  const entropyOf = (kind: TokenizerName) => {
    const { ids, tokenizer } = codesWith(kind);
    return codeHealth(ids, semanticLevels(tokenizer, ids)).levels.map(({ entropy }) => entropy);
  };
  const [plainly, balanced] = [entropyOf('residual'), entropyOf('collaborative')];
  expect(balanced[0]).toBeGreaterThan((plainly[0] ?? 1) + 0.03);
  expect(Math.min(...balanced)).toBeGreaterThan(0.9);
});

test('product codes of items that are alike share most positions, those of others few', () => {
  const { ids } = codesWith('product', lopsided(0.02));
  const shared = (a: number, b: number) =>
    Array.from({ length: ids.levels }, (_, l) => l).filter(
      (l) => ids.digits[a * ids.levels + l] === ids.digits[b * ids.levels + l],
    ).length;
  const mean = (pairs: readonly (readonly [number, number])[]) =>
    pairs.reduce((sum, [a, b]) => sum + shared(a, b), 0) / pairs.length;
  const alike = Array.from({ length: 60 }, (_, i) => [200 + i, 210 + i] as const);
  const others = Array.from({ length: 60 }, (_, i) => [200 + i, 205 + i] as const);
  expect(mean(alike)).toBeGreaterThan(2 * mean(others));
});

test('plain ids are the digits of the number', () => {
  expect(plainDigitsFor(1682)).toEqual({ radix: 100, levels: 2 });
  expect(plainDigitsFor(12_101)).toEqual({ radix: 100, levels: 3 });
  const ids = assignPlainIds({ radix: 100, levels: 3 }, 12_101);
  expect(rowsOf(ids)[12_034]).toBe('1.20.34');
  expect(() =>
    assignPlainIds({ radix: 100, levels: 2 }, 1, assignPlainIds({ radix: 100, levels: 2 }, 10_000)),
  ).toThrow(/hold 10000 items, 10001 came/);
});

test('text ids go from the general word to the special one; who shares all words is numbered', () => {
  // 64 items: the words of 16, of 4 and of 1 item are what each level is looking for
  const texts = Array.from({ length: 64 }, (_, i) => `thing${i} mood${i >> 2} genre${i >> 4}`);
  texts.push('genre0 mood0 thing0', '');
  const books = learnWordBooks(texts);
  const ids = assignTextIds(books, texts, order(texts.length));
  const read = (i: number) => readTextId(books, Array.from(ids.digits.subarray(i * 4, i * 4 + 4)));
  expect(read(0)).toBe('genre0 mood0 thing0');
  expect(read(37)).toBe('genre2 mood9 thing37');
  expect(read(64)).toBe('genre0 mood0 thing0 2');
  expect(read(65)).toBe('');
  expect(new Set(rowsOf(ids)).size).toBe(texts.length);
});

test('text ids without any words are refused', () => {
  expect(() => learnTokenizer('text', { space: lopsided() }, seededRandom(1))).toThrow(/titles and topics/);
});
