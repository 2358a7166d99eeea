import type { Executable } from '../graph/compute.js';
import { seededRandom } from '../random.js';
import { sampleLatents } from './sample-latent.js';

/** Believes whatever it sees, so that a sampler ends where it began. */
const believer: Executable = {
  inputs: [],
  outputs: [],
  run: ({ x }) => Promise.resolve({ clean: Float32Array.from(x ?? []) }),
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
const start = new Float32Array(64).fill(10);
const sample = (strength: number | null, seed = 1) =>
  sampleLatents({ said: believer, both: believer }, condition, {
    count: 2,
    length: 64,
    steps: 3,
    guidance: 1,
    random: seededRandom(seed),
    from: strength === null ? null : { latent: start, strength },
  });
const distance = (latent: Float32Array | undefined) =>
  Math.sqrt(start.reduce((sum, value, i) => sum + (value - (latent?.[i] ?? NaN)) ** 2, 0) / 64);

test('each of the pictures begins from its own noise, and the same seed from the same', async () => {
  const [first, second] = await sample(null);
  expect(first).not.toEqual(second);
  expect(await sample(null)).toEqual([first, second]);
  expect(await sample(null, 2)).not.toEqual([first, second]);
});

test('the weaker the strength, the closer a variation stays to its start', async () => {
  const distances = await Promise.all(
    [0.05, 0.3, 0.6, 0.9].map(async (strength) => distance((await sample(strength))[0])),
  );
  expect(distances).toEqual([...distances].sort((a, b) => a - b));
  expect(distances[0]).toBeLessThan(2);
});

test('strength 1 keeps nothing of the start', async () => {
  expect(await sample(1)).toEqual(await sample(null));
});
