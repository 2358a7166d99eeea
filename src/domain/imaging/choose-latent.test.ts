import type { Executable } from '../graph/compute.js';
import { seededRandom } from '../random.js';
import { chooseLatent } from './choose-latent.js';

/** Believes that every picture is all ones. */
const believer: Executable = {
  inputs: [],
  outputs: [],
  run: ({ x }) => Promise.resolve({ clean: new Float32Array(x?.length ?? 0).fill(1) }),
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
  latent: new Float32Array(4).fill(value),
  colour,
  isCopy: false,
});
const choose = (...candidates: ReturnType<typeof candidate>[]) =>
  chooseLatent(believer, candidates, condition, seededRandom(1));

test('the candidate that the denoiser restores best is chosen', async () => {
  expect(await choose(candidate(0), candidate(0.8), candidate(2))).toBe(1);
});

test('a copy is chosen only where all are copies', async () => {
  const copy = { ...candidate(1), isCopy: true };
  expect(await choose(copy, candidate(2))).toBe(1);
  expect(await choose({ ...candidate(2), isCopy: true }, copy)).toBe(1);
});

test('between two good ones the asked colour decides, but it does not save a bad one', async () => {
  expect(await choose(candidate(0.9), candidate(0.85, 1), candidate(3))).toBe(1);
  expect(await choose(candidate(0.9), candidate(1), candidate(9, 1))).toBe(1);
});
