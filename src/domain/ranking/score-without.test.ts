import { seededRandom } from '../random.js';
import { baselineRanker } from './baseline-ranker.js';

const ITEMS = 150;
const random = seededRandom(4);
const sequences = Array.from({ length: 60 }, () => Int32Array.from({ length: 9 }, () => random.int(ITEMS)));
const ids = Array.from({ length: ITEMS }, (_, i) => `item ${i}`);

test('a linear part without an entry is what it gives to the shorter history, beyond the reach of its weights as well', async () => {
  const ranker = await baselineRanker({ itemCount: ITEMS, sequences }, ids);
  const history = Int32Array.from({ length: 120 }, (_, i) => i); // weights of 0.5^k end after 14
  const items = Int32Array.from({ length: 30 }, (_, i) => 120 + i);
  const places = [0, 104, 105, 106, 107, 113, 118, 119];
  const rows = await ranker.scoreLinearWithout({ history, places, items, context: {} });
  const without = places.map((left) => history.filter((_, place) => place !== left));
  const asked = await ranker.scoreItems([history, new Int32Array(), ...without], items);
  expect(rows).toHaveLength(asked.length);
  rows.forEach((row, r) => row.forEach((score, i) => expect(score).toBeCloseTo(asked[r]?.[i] as number, 6)));
  expect(rows.at(-1)).not.toEqual(rows[0]);
});
