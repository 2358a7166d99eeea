import { seededRandom } from '../../random.js';
import { augmentedView } from './augment-views.js';
import { packStrands } from './pack-strands.js';
import { preferencesFromLog } from './preferences-from-log.js';
import { trainablePreferences } from './trainable-preferences.js';

const shape = { rows: 2, length: 4 };

test('groups are packed with what came next; what the border of a batch cuts is compared in neither', () => {
  const strand = (...tokens: number[]) => ({
    tokens: Int32Array.from(tokens),
    next: Int32Array.from(tokens, (t) => t + 1),
  });
  const packed = packStrands(
    [
      [strand(1, 2), strand(3)],
      [strand(4, 5, 6), strand(7, 8, 9)],
    ],
    shape,
  );
  expect(packed.map(({ groups }) => groups)).toEqual([[{ group: 0, ends: [1, 2] }], []]);
  const [first] = packed;
  expect(Array.from(first?.batch.items ?? [])).toEqual([1, 2, 3, 0, 4, 5, 6, 0]);
  expect(Array.from(first?.batch.targets ?? [])).toEqual([2, 3, 4, 0, 5, 6, 7, 0]);
  expect(Array.from(first?.batch.weights ?? [])).toEqual([1, 1, 1, 0, 1, 1, 1, 0]);
});

test('a masked token is a segment of its own, and learning begins where it should, also after a cut', () => {
  const tokens = Int32Array.of(9, 1, 2, 3, 4);
  const [packed] = packStrands(
    [[{ tokens, next: tokens, learnFrom: 3, masked: Uint8Array.of(1, 0, 1, 0, 0) }]],
    shape,
  );
  expect(Array.from(packed?.batch.items ?? []).slice(0, 4)).toEqual([1, 2, 3, 4]);
  expect(Array.from(packed?.batch.weights ?? []).slice(0, 4)).toEqual([0, 0, 1, 1]);
  const segments = Array.from(packed?.batch.segments ?? []).slice(0, 4);
  expect(new Set(segments).size).toBe(2);
  expect(segments[1]).not.toBe(segments[0]);
  expect([segments[2], segments[3]]).toEqual([segments[0], segments[0]]);
});

test('a view is a piece, a masked or a reordered history, never empty, and never longer than 50', () => {
  const random = seededRandom(1);
  const history = Int32Array.from({ length: 80 }, (_, i) => i);
  const times = Float64Array.from(history);
  const kinds = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const { tokens, masked, context } = augmentedView({ history, context: { times, now: 99 } }, random);
    expect(tokens.every((item) => item >= 30)).toBe(true);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(masked?.at(-1) ?? 0).toBe(0);
    expect(context?.times).toHaveLength(tokens.length);
    kinds.add(masked ? 'masked' : tokens.length < 50 ? 'cropped' : 'reordered');
  }
  expect(kinds.size).toBe(3);
  expect(augmentedView({ history: Int32Array.of(5) }, random).tokens).toEqual(Int32Array.of(5));
});

const log = (
  ...rows: [number, Parameters<typeof preferencesFromLog>[1][number]['type'], number | null, number][]
) => rows.map(([item, type, value, at]) => ({ item, type, value, at }));

test('from a bare log: wanted against skipped in the same visit, and against what was disliked near it', () => {
  const found = preferencesFromLog(
    3,
    log(
      [1, 'CLICK', null, 0],
      [2, 'SKIP', null, 5],
      [3, 'CLICK', null, 9],
      [4, 'HIDE', null, 90_000],
      [5, 'SKIP', null, 90_000],
    ),
  );
  expect(found).toEqual([
    { person: 3, history: Int32Array.of(1), chosen: 3, rejected: Int32Array.of(2, 4) }, // 5: another visit
  ]);
});

test('from ratings: four stars against two, not against what was rated before or what is merely fair', () => {
  const found = preferencesFromLog(
    0,
    log([1, 'RATE', 1, 0], [2, 'RATE', 5, 1], [3, 'RATE', 2, 2], [4, 'RATE', 3, 3]),
  );
  expect(found).toEqual([{ person: 0, history: Int32Array.of(1), chosen: 2, rejected: Int32Array.of(3) }]);
});

test('nothing that the test asks for is learned from', () => {
  const whole = { itemCount: 9, sequences: [Int32Array.of(1, 2, 3, 4)] };
  const train = { itemCount: 9, sequences: [Int32Array.of(1, 2)] };
  const preference = (chosen: number, rejected: number[], history = [1]) => ({
    ...{ person: 0, chosen },
    history: Int32Array.from(history),
    rejected: Int32Array.from(rejected),
  });
  const given = [preference(2, [4, 7]), preference(3, [7]), preference(2, [4]), preference(2, [7], [1, 3])];
  expect(trainablePreferences(given, { data: whole, train })).toEqual([preference(2, [7])]);
});
