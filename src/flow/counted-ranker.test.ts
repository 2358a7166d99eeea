import { countedRanker, type OpenRanker } from './counted-ranker.js';

/** A ranker whose answers wait until they are let go, and which counts how often it was closed. */
function waiting() {
  const waits: (() => void)[] = [];
  const state = { closed: 0 };
  const open = {
    itemIds: ['a'],
    support: () => 7,
    rank: () => new Promise<[]>((resolve) => waits.push(() => resolve([]))),
    dispose: () => {
      state.closed++;
      return Promise.resolve();
    },
  } as unknown as OpenRanker;
  return { open, waits, state };
}
const unused = () => {
  throw new Error('closing failed');
};
const ask = (ranker: OpenRanker) => ranker.rank(new Int32Array(), new Set(), 1);

test('a replaced ranker is closed after its last question, not before', async () => {
  const { open, waits, state } = waiting();
  const counted = countedRanker(open, unused);
  const { ranker } = counted;
  const questions = [ask(ranker), ask(ranker)];
  counted.retire();
  expect(state.closed).toBe(0);
  waits[0]?.();
  await questions[0];
  expect(state.closed).toBe(0);
  waits[1]?.();
  await questions[1];
  expect(state.closed).toBe(1);
  expect([ranker.support(0), ranker.itemIds]).toEqual([7, ['a']]);
});

test('a question that comes after that is answered, and closes again behind it', async () => {
  const { open, waits, state } = waiting();
  const counted = countedRanker(open, unused);
  const { ranker } = counted;
  counted.retire();
  expect(state.closed).toBe(1);
  const late = ask(ranker);
  waits[0]?.();
  expect(await late).toEqual([]);
  expect(state.closed).toBe(2);
});
