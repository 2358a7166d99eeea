import type { Executable, Values } from '../graph/compute.js';
import { guidedVelocity } from './guided-velocity.js';

/** Answers 3 for said rows and 1 for unsaid ones, and remembers what it was fed. */
function fakeModel() {
  const fed: Values[] = [];
  const model: Executable = {
    inputs: [],
    outputs: [],
    run: (feeds) => {
      fed.push(feeds);
      return Promise.resolve({ clean: Float32Array.of(3, 3, 1, 1) });
    },
    dispose: () => Promise.resolve(),
  };
  return { fed, model };
}
const condition = { text: Float32Array.of(0.5), bag: Float32Array.of(1, 0), taste: Float32Array.of(0) };

test('guidance goes past the said picture, away from the unsaid one', async () => {
  const { model } = fakeModel();
  const at = async (guidance: number) =>
    (await guidedVelocity(model, condition, { guidance, count: 1 })(Float32Array.of(0, 1), 0.5))[0];
  expect(await at(1)).toBeCloseTo(3 / 0.5);
  expect(await at(2)).toBeCloseTo(5 / 0.5);
});

test('two pictures are fed as two rows with the words and the same two without', async () => {
  const { fed, model } = fakeModel();
  await guidedVelocity(model, condition, { guidance: 2, count: 2 })(Float32Array.of(7, 8), 0.25);
  expect(fed[0]).toEqual({
    x: Float32Array.of(7, 8, 7, 8),
    time: Float32Array.of(0.25, 0.25, 0.25, 0.25),
    text: Float32Array.of(0.5, 0.5, 0, 0),
    bag: Float32Array.of(1, 0, 1, 0, 0, 0, 0, 0),
    taste: Float32Array.of(0, 0, 0, 0),
  });
});
