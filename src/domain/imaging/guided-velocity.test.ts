import type { Executable, Values } from '../graph/compute.js';
import { guidedVelocity } from './guided-velocity.js';

/** Answers 3 for said rows and 1 for unsaid ones, and remembers what it was fed. */
function fakeModel(answer: readonly number[]) {
  const fed: Values[] = [];
  const model: Executable = {
    inputs: [],
    outputs: [],
    run: (feeds) => {
      fed.push(feeds);
      return Promise.resolve({ clean: Float32Array.from(answer) });
    },
    dispose: () => Promise.resolve(),
  };
  return { fed, model };
}
function fakeDenoisers() {
  const [said, both] = [fakeModel([3, 3]), fakeModel([3, 3, 1, 1])];
  return { said, both, denoisers: { said: said.model, both: both.model } };
}
const condition = {
  text: Float32Array.of(0.5),
  units: Float32Array.of(2),
  bag: Float32Array.of(1, 0),
  taste: Float32Array.of(0),
  palette: Float32Array.of(4),
};

test('guidance goes past the said picture, away from the unsaid one', async () => {
  const { denoisers } = fakeDenoisers();
  const at = async (guidance: number) =>
    (await guidedVelocity(denoisers, condition, { guidance, count: 1 })(Float32Array.of(0, 1), 0.5))[0];
  expect(await at(1)).toBeCloseTo(3 / 0.5);
  expect(await at(2)).toBeCloseTo(5 / 0.5);
});

test('two pictures are fed as two rows with what was said and the same two without', async () => {
  const { denoisers, both } = fakeDenoisers();
  await guidedVelocity(denoisers, condition, { guidance: 2, count: 2 })(Float32Array.of(7, 8), 0.25);
  expect(both.fed[0]).toEqual({
    x: Float32Array.of(7, 8, 7, 8),
    time: Float32Array.of(0.25, 0.25, 0.25, 0.25),
    text: Float32Array.of(0.5, 0.5, 0, 0),
    units: Float32Array.of(2, 2, 0, 0),
    bag: Float32Array.of(1, 0, 1, 0, 0, 0, 0, 0),
    taste: Float32Array.of(0, 0, 0, 0),
    palette: Float32Array.of(4, 4, 0, 0),
  });
});

test('late on the path, and without guidance, nothing is asked without words', async () => {
  const { denoisers, both, said } = fakeDenoisers();
  const slope = await guidedVelocity(denoisers, condition, { guidance: 4, count: 2 })(
    Float32Array.of(1, 2),
    0.9,
  );
  expect(slope[0]).toBeCloseTo((3 - 1) / 0.1, 4);
  await guidedVelocity(denoisers, condition, { guidance: 1, count: 2 })(Float32Array.of(1, 2), 0.1);
  expect([both.fed.length, said.fed.length]).toEqual([0, 2]);
});
