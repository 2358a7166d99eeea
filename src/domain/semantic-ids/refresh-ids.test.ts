import { seededRandom } from '../random.js';
import { codeChanges } from './code-changes.js';
import type { ItemSpace } from './item-space.js';
import { refreshIds } from './refresh-ids.js';
import { learnTokenizer, tokenize, type TokenizerName } from './tokenizer.js';

const SIZE = 16;
const ITEMS = 240;
const GROUPS = 8;
const RELEARNED = ['residual', 'collaborative', 'product'] as const;

/** Items around the corners of a simplex; `placeOf` says at which corner an item stands. */
function world(placeOf: (item: number) => number, count = ITEMS): ItemSpace {
  const vectors = new Float32Array(count * SIZE);
  for (let i = 0; i < count; i++) {
    const random = seededRandom(`item ${i}`);
    const row = vectors.subarray(i * SIZE, (i + 1) * SIZE);
    for (let c = 0; c < SIZE; c++) row[c] = (c === placeOf(i) ? 1 : 0) + 0.1 * random.normal();
    const norm = Math.hypot(...row);
    row.forEach((x, c) => (row[c] = x / norm));
  }
  return { size: SIZE, itemCount: count, vectors, content: null };
}

const home = (item: number) => item % GROUPS;
const order = (count: number) => Int32Array.from({ length: count }, (_, i) => i);
const idsOf = (count: number) => Array.from({ length: count }, (_, i) => `item-${i}`);

function learned(kind: TokenizerName) {
  const space = world(home);
  const tokenizer = learnTokenizer(kind, { space }, seededRandom('books'));
  return { tokenizer, ids: tokenize(tokenizer, { vectors: space.vectors, order: order(ITEMS) }) };
}

test.each(RELEARNED)('%s: where nothing changed, hardly a code does', (kind) => {
  const { tokenizer, ids } = learned(kind);
  const same = refreshIds(tokenizer, { ids, known: ITEMS, space: world(home), order: order(ITEMS) });
  const { movedShare } = codeChanges(
    { ...ids, itemIds: idsOf(ITEMS) },
    { ...same.ids, itemIds: idsOf(ITEMS) },
  );
  expect(movedShare).toBeLessThan(0.05);
});

test.each(RELEARNED)(
  '%s: items that went elsewhere move, the others stay, and no code is given twice',
  (kind) => {
    const { tokenizer, ids } = learned(kind);
    const isGone = (item: number) => item < 24;
    const space = world((item) => (isGone(item) ? (item + 1) % GROUPS : home(item)));
    const { ids: next } = refreshIds(tokenizer, { ids, known: ITEMS, space, order: order(ITEMS) });
    const codeOf = (all: Uint16Array, item: number) =>
      all.subarray(item * ids.levels, (item + 1) * ids.levels).join('.');
    const moved = order(ITEMS).filter((item) => codeOf(ids.digits, item) !== codeOf(next.digits, item));
    expect(moved.filter(isGone).length).toBe(24);
    expect(moved.filter((item) => !isGone(item)).length).toBeLessThan(0.35 * ITEMS);
    expect(new Set(Array.from(order(ITEMS), (item) => codeOf(next.digits, item))).size).toBe(ITEMS);
  },
);

test('newcomers never take the code of somebody who stays', () => {
  const { tokenizer, ids } = learned('residual');
  const space = world((item) => home(item % ITEMS), ITEMS + 10);
  const grown = tokenize(tokenizer, { vectors: space.vectors.slice(ITEMS * SIZE), order: order(10) }, ids);
  const { ids: next } = refreshIds(tokenizer, { ids: grown, known: ITEMS, space, order: order(ITEMS + 10) });
  const changes = codeChanges({ ...ids, itemIds: idsOf(ITEMS) }, { ...next, itemIds: idsOf(ITEMS + 10) });
  expect(changes).toMatchObject({ shared: ITEMS, added: 10, removed: 0 });
  expect(changes.movedShare).toBeLessThan(0.1);
});

test('changes are counted by item, not by number', () => {
  const before = { levels: 2, digits: Uint16Array.of(1, 2, 3, 4, 5, 6), itemIds: ['a', 'b', 'c'] };
  const after = { levels: 2, digits: Uint16Array.of(9, 9, 3, 7, 1, 2), itemIds: ['d', 'b', 'a'] };
  expect(codeChanges(before, after)).toEqual({
    ...{ shared: 2, moved: 1, movedShare: 0.5, added: 1, removed: 1 },
    keptDigits: [1, 0.5],
  });
});
