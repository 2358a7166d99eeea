import { seededRandom } from '../random.js';
import { compareWithLive, FEWEST_COMPARABLE, type Rival } from './compare-with-live.js';
import { PROTOCOLS } from './protocols.js';

const ITEMS = 30;
const PEOPLE = 150;
/** Everybody had item 0, then wanted item 1 at second 100 + person. */
const questions = Array.from({ length: PEOPLE }, (_, person) => ({
  person,
  history: Int32Array.of(0),
  target: 1,
}));
const times = questions.map(({ person }) => Float64Array.of(0, 100 + person));

/** Puts the target at this rank (0 = first) for everybody, behind the items after it. */
const ranking = (rank: number) => (histories: readonly Int32Array[]) =>
  Promise.resolve(
    histories.map(() =>
      Float32Array.from({ length: ITEMS }, (_, item) =>
        item === 1 ? 0 : item > 1 && item < 2 + rank ? 1 : -1,
      ),
    ),
  );
const compared = (own: number, live: number, until: number) =>
  compareWithLive(
    questions,
    {
      protocol: PROTOCOLS.A1,
      ranks: new Float64Array(PEOPLE).fill(own),
      rival: { score: ranking(live), until },
      times,
    },
    seededRandom('comparison'),
  );

test('both answer the same questions, and the gain is the difference of N@10', async () => {
  // one item before the target gives 1 / log2(3), three give 1 / log2(5)
  const [first, third] = [1 / Math.log2(3), 1 / Math.log2(5)];
  const found = await compared(1, 3, 0);
  expect(found).toMatchObject({ people: PEOPLE });
  expect(found?.own).toBeCloseTo(first, 6);
  expect(found?.rival).toBeCloseTo(third, 6);
  expect(found?.gain.low).toBeCloseTo(first - third, 6); // everybody gains the same
});

test('only what happened after everything the live model learned is asked', async () => {
  const found = await compared(1, 3, 100 + PEOPLE - FEWEST_COMPARABLE - 1);
  expect(found?.people).toBe(FEWEST_COMPARABLE);
});

test('with too few such questions the two cannot be compared', async () => {
  expect(await compared(0, 9, 100 + PEOPLE - FEWEST_COMPARABLE)).toBeNull();
});

test('a live model that is better shows as a loss', async () => {
  expect((await compared(3, 0, 0))?.gain.high).toBeLessThan(0);
});

test('the live model reads as much as the new one, and is told how long the history really is', async () => {
  const long = questions.map((question) => ({ ...question, history: new Int32Array(120) }));
  const told: (readonly [number, number | undefined])[] = [];
  const score: Rival['score'] = (histories, contexts) => {
    histories.forEach(({ length }, h) => told.push([length, contexts?.[h]?.length]));
    return ranking(0)(histories);
  };
  const late = questions.map(() => new Float64Array(121).fill(9));
  const ranks = new Float64Array(PEOPLE);
  const asked = { protocol: PROTOCOLS.A1, ranks, rival: { score, until: 0 }, times: late };
  await compareWithLive(long, asked, seededRandom('comparison'));
  expect(new Set(told.map(String))).toEqual(new Set(['50,120']));
});
