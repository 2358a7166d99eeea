import type { Executable } from '../graph/compute.js';
import { seededRandom } from '../random.js';
import { chooseLatent } from './choose-latent.js';

const LENGTH = 4;

/** Believes that every picture is all ones where it was told the words, all threes where not. */
const believer: Executable = {
  inputs: [],
  outputs: [],
  run({ x, text }) {
    const clean = new Float32Array(x?.length ?? 0);
    const told = text as Float32Array;
    return Promise.resolve({ clean: clean.map((_, i) => (told[Math.floor(i / LENGTH)] === 1 ? 1 : 3)) });
  },
  dispose: () => Promise.resolve(),
};
const nothing = Float32Array.of(0);
const condition = {
  text: Float32Array.of(1),
  units: nothing,
  bag: Float32Array.of(1),
  taste: nothing,
  palette: nothing,
};
const candidate = (value: number, colour = 0) => ({
  latent: new Float32Array(LENGTH).fill(value),
  colour,
  isCopy: false,
});
const choose = (...candidates: ReturnType<typeof candidate>[]) =>
  chooseLatent(believer, candidates, condition, seededRandom(1));

test('the candidate is chosen that is restored best with the words compared with without them', async () => {
  expect(await choose(candidate(2), candidate(1), candidate(3))).toBe(1);
});

test('without any words the first is as good as another', async () => {
  const unsaid = { ...condition, text: nothing, bag: nothing };
  const all = [candidate(2), candidate(1)];
  expect(await chooseLatent(believer, all, unsaid, seededRandom(1))).toBe(0);
});

test('a copy is chosen only where all are copies', async () => {
  const copy = { ...candidate(1), isCopy: true };
  expect(await choose(copy, candidate(2))).toBe(1);
  expect(await choose({ ...candidate(2), isCopy: true }, copy)).toBe(1);
});

test('between two good ones the asked colour decides, but it does not save a bad one', async () => {
  expect(await choose(candidate(0.9), candidate(0.85, 1), candidate(3))).toBe(1);
  expect(await choose(candidate(1.1), candidate(1), candidate(9, 1))).toBe(1);
});
