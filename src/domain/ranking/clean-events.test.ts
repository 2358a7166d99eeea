import { SIDE, twoColours } from '../../../test/support/two-colours.js';
import { existsSync } from 'node:fs';
import { datasetReaders } from '../../infra/datasets/dataset-readers.js';
import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { seededRandom } from '../random.js';
import { assertEnoughToLearn, cleanEvents, tellIgnored } from './clean-events.js';
import type { RankingData } from './part.js';
import { numberInteractions } from './ranking-data.js';
import { trainAll } from './train-all.js';

const NOW = 1_700_000_000;
const DAY = 86_400;
const NOTHING = { duplicates: 0, repeats: 0, future: 0, personBursts: 0, itemBursts: 0 };

/** People as rows of [item, seconds before now]. */
function dataOf(itemCount: number, people: readonly (readonly (readonly [number, number])[])[]): RankingData {
  return {
    itemCount,
    sequences: people.map((own) => Int32Array.from(own, ([item]) => item)),
    times: people.map((own) => Float64Array.from(own, ([, ago]) => NOW - ago)),
  };
}

test('events sent twice, things had before and events from the future are left out and counted', () => {
  const data = dataOf(4, [
    [[0, 901], [0, 901], [1, 500.5], [0, 77], [2, -4 * 60 - 1], [3, -DAY]], // prettier-ignore
    [[3, 33]],
  ]);
  const { data: clean, ignored } = cleanEvents(data, NOW);
  expect(clean.sequences.map((own) => [...own])).toEqual([[0, 1, 2], [3]]);
  expect(clean.times?.map((own) => own.length)).toEqual([3, 1]);
  expect(ignored).toEqual({ ...NOTHING, duplicates: 1, repeats: 1, future: 1 });
  expect(tellIgnored(ignored)).toBe(
    'Ignored events: 1 sent twice, 1 of things had before, 1 from the future.',
  );
  expect(tellIgnored(NOTHING)).toBe('');
});

test('10,000 people on one item in a minute count as an audience of 2 %', () => {
  const crowd = Array.from({ length: 10_000 }, (_, i) => [[7, 1e6 + (i % 50) + 0.5]] as const);
  const others = Array.from({ length: 100 }, (_, i) => [[i % 5, 1e6 + 97.5 * i]] as const);
  const { data, ignored } = cleanEvents(dataOf(8, [...crowd, ...others]), NOW);
  const left = data.sequences.filter((own) => own.includes(7)).length;
  expect(left).toBeLessThanOrEqual(2 * 202); // the fifty seconds may lie in two minutes
  expect(ignored.itemBursts).toBe(10_000 - left);
  expect(data.sequences.slice(10_000).every(({ length }) => length === 1)).toBe(true);
});

test('a program that sends 2,000 events in a minute keeps 500; a list of 392, as people import, stays', () => {
  const list = (count: number) => Array.from({ length: count }, (_, i) => [i, 5e5 + 13 - i / 100] as const);
  const { data, ignored } = cleanEvents(dataOf(2000, [list(2000), list(392)]), NOW);
  expect(data.sequences[0]?.length).toBeLessThanOrEqual(2 * 500);
  expect(data.sequences[1]).toHaveLength(392);
  expect(ignored.personBursts).toBe(2000 - (data.sequences[0]?.length ?? 0));
});

test('a source that knows days only has no bursts: a whole day would be one minute', () => {
  const midnight = NOW - (NOW % DAY) - DAY;
  const people = Array.from({ length: 300 }, () => [[1, NOW - midnight]] as const);
  expect(cleanEvents(dataOf(2, people), NOW).ignored).toEqual(NOTHING);
});

test('a source without times is only freed of repeats', () => {
  const sequences = [Int32Array.of(1, 2, 1)];
  expect(cleanEvents({ itemCount: 3, sequences }, NOW).ignored).toEqual({ ...NOTHING, repeats: 1 });
});

test('no events, one person, one item: refused, with what was wanted', () => {
  const one = Int32Array.of(0);
  expect(() => assertEnoughToLearn({ sequences: [] })).toThrow('10 people with events and 5 items with events were wanted, 0 and 0 came'); // prettier-ignore
  expect(() => assertEnoughToLearn({ sequences: [Int32Array.of(0, 1, 2, 3, 4, 5)] })).toThrow('1 and 6 came');
  expect(() => assertEnoughToLearn({ sequences: Array.from({ length: 50 }, () => one) })).toThrow('50 and 1 came'); // prettier-ignore
  const short = Array.from({ length: 50 }, (_, i) => Int32Array.of(i % 9));
  expect(() => assertEnoughToLearn({ sequences: short })).toThrow('three events or more');
});

test('trainAll refuses such data as well', async () => {
  const compute = onnxCompute({ threads: 1 });
  const options = { seed: 1, budgetSeconds: 1, now: () => performance.now() };
  const nobody = { itemCount: 3, sequences: [] };
  await expect(trainAll(nobody, compute, options)).rejects.toThrow('were wanted, 0 and 0 came');
});

/** The two colours with a time for each event. */
function timedColours(people: number): RankingData {
  const rows = twoColours(people).sequences.map((own, person) =>
    Array.from(own, (item, i) => [item, 1e6 - 3001.5 * i - person] as const),
  );
  return dataOf(2 * SIDE, rows);
}

/** Recall of the fusion on the unspoilt people, guessing within the colour is 0.77, among everything 0.30. */
async function recallOf(data: RankingData): Promise<number> {
  const { reports } = await trainAll(cleanEvents(data, NOW).data, onnxCompute({ threads: 1 }), {
    seed: 1,
    budgetSeconds: 1,
    recipe: { parts: ['popularity', 'itemknn', 'ease'] },
    now: () => performance.now(),
  });
  return reports[0]?.contestants.fusion?.R10 ?? 0;
}

test('the tiny world stands with 5 % noise, 1 % shilling profiles, a rush and doubled events', async () => {
  const world = timedColours(400);
  const random = seededRandom('spoilt');
  const noisy = world.sequences.map((own) =>
    own.map((item) => (random.next() < 0.05 ? random.int(40) : item)),
  );
  const shills = Array.from({ length: 4 }, () =>
    Array.from({ length: 8 }, (_, i) => [i === 0 ? 39 : random.int(SIDE), 5e5 + i * 61.5] as const),
  );
  const rush = Array.from({ length: 3000 }, (_, i) => [[39, 4e5 + (i % 30) + 0.5]] as const);
  const bad = dataOf(40, [...shills, ...rush]);
  const spoilt = {
    itemCount: 40,
    sequences: [...noisy, ...bad.sequences].map((own) => Int32Array.from([...own, ...own])),
    times: [...(world.times ?? []), ...(bad.times ?? [])].map((own) => Float64Array.from([...own, ...own])),
  };
  const { ignored } = cleanEvents(spoilt, NOW);
  expect(ignored.duplicates).toBeGreaterThan(3000);
  expect(ignored.itemBursts).toBeGreaterThan(2500);
  const [clean, dirty] = [await recallOf(world), await recallOf(spoilt)];
  expect(clean).toBeGreaterThan(0.65);
  expect(dirty).toBeGreaterThan(0.6);
});

const LATEST = '../shared/data/movielens-latest-small';

test('MovieLens latest-small, a set of people, loses nothing; spoilt, it loses what was spoilt', async () => {
  if (!existsSync(LATEST)) return void process.stdout.write(`skipped: data not here (${LATEST})\n`);
  const reader = datasetReaders.find(({ format }) => format === 'movielens-latest-small');
  const dataset = await reader?.open(LATEST);
  const rows: { person: string; item: string; at: number; order: number }[] = [];
  for await (const row of dataset?.events() ?? []) {
    if (!row.ok) continue;
    const { personExternalId: person, itemExternalId: item, at } = row.value;
    rows.push({ person, item, at: at.getTime() / 1000, order: rows.length });
  }
  const { data } = numberInteractions(rows, seededRandom(1));
  expect(cleanEvents(data, NOW).ignored).toEqual(NOTHING);
  const times = data.times ?? [];
  const spoilt = {
    ...data,
    sequences: [...data.sequences.map((own) => Int32Array.from([...own, own[0] ?? 0])), ...Array.from({ length: 2000 }, () => Int32Array.of(5))], // prettier-ignore
    times: [...times.map((own) => Float64Array.from([...own, NOW + DAY])), ...Array.from({ length: 2000 }, (_, i) => Float64Array.of(NOW - 1e5 + i / 100))], // prettier-ignore
  };
  const { ignored, data: clean } = cleanEvents(spoilt, NOW);
  expect(ignored.future).toBe(data.sequences.length);
  expect(ignored.itemBursts).toBeGreaterThan(1900);
  expect(clean.sequences.slice(0, data.sequences.length)).toEqual(data.sequences);
});
