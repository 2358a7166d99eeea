import { imaginedItem, meanPairDistance, usualDistances } from './imagined-item.js';
import { factCounts, sharedFacets } from './shared-facets.js';

/** Four directions of the plane: right, up, left, and 0.6 right with 0.8 up. */
const items = { rows: Float32Array.of(1, 0, 0, 1, -1, 0, 0.6, 0.8), size: 2, itemCount: 4 };
const around = { items, usual: usualDistances(items), isAllowed: () => true, count: 3 };
const told = { source: 'DIFFUSION', steps: 10, guidance: 2 } as const;

test('the spread of samples by hand: of right, right, up two of three pairs are at a right angle', () => {
  expect(meanPairDistance(Float32Array.of(1, 0, 1, 0, 0, 1), 2)).toBeCloseTo(2 / 3, 6);
  expect(meanPairDistance(Float32Array.of(0, 1, 0, 1), 2)).toBe(0);
});

test('distances to the nearest neighbour, ascending: 0.2 between up and the slant, 0.4 for right, 1 for left', () => {
  const [a, b, c, d] = usualDistances(items);
  [a, b, c, d].forEach((found, i) => expect(found).toBeCloseTo([0.2, 0.2, 0.4, 1][i] ?? NaN, 6));
});

test('names the nearest real items, the distance, and how unusual that is', () => {
  const found = imaginedItem({ ...told, samples: Float32Array.of(0.8, -0.6) }, around);
  expect(found.nearest.map(({ item }) => item)).toEqual([0]); // what points away is not near at all
  expect(found.distance).toBeCloseTo(0.2, 6);
  expect(found.uncertainty).toBeNull();
  const lonely = imaginedItem({ ...told, samples: Float32Array.of(0.3, -0.954) }, around);
  expect(lonely.distance).toBeCloseTo(0.7, 2);
  expect(lonely.percentile).toBe(0.75);
});

test('the mean of two samples is imagined, and what may not be shown is not named', () => {
  const samples = Float32Array.of(1, 0, 0, 1);
  const all = imaginedItem({ ...told, samples }, around);
  expect(all.nearest.map(({ item }) => item)).toEqual([3, 0, 1]);
  expect(all.uncertainty).toBeCloseTo(1, 6);
  const some = imaginedItem({ ...told, samples }, { ...around, isAllowed: (item) => item === 1 });
  expect(some.nearest.map(({ item }) => item)).toEqual([1]);
  expect(imaginedItem({ ...told, samples }, { ...around, isAllowed: () => false }).distance).toBeNull();
});

test('shared facets are weighed by similarity and ranked by what sets them apart from the catalogue', () => {
  const item = (...topics: string[]) => ({ topics, attributes: { kind: 'picture' } });
  const near = [
    { item: item('fox', 'red'), similarity: 0.9 },
    { item: item('fox'), similarity: 0.6 },
    { item: item('owl', 'red'), similarity: 0.5 },
  ];
  const catalogue = [...near.map((one) => one.item), item('red'), item('red'), item('elk'), item('elk')];
  const found = sharedFacets(near, factCounts(catalogue));
  expect(found.map(({ value }) => value)).toEqual(['fox', 'red']); // not "picture", which all are, nor "owl", which is one
  expect(found[0]).toMatchObject({ attribute: 'topic', weight: expect.closeTo(0.75, 6) as number });
  expect(found[0]?.usual).toBeCloseTo(2 / 7, 6);
  expect(found[1]?.weight).toBeCloseTo(0.7, 6);
});
