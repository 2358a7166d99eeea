import { policyObjective } from '../domain/ranking/objectives/policy-objective.js';
import { tuneTrunk } from '../domain/ranking/objectives/tune-trunk.js';
import { supportsOf } from '../domain/ranking/together-counts.js';
import { trainTrunk, trunkRecipeFor } from '../domain/ranking/train-trunk.js';
import { seededRandom } from '../domain/random.js';
import { simulateAudience } from '../domain/simulating/simulate-audience.js';
import { type Taste, trueAffinity } from '../domain/simulating/taste.js';
import { createWorld, type SimulatedItem } from '../domain/simulating/world.js';
import { must } from '../../test/support/must.js';
import { onnxCompute } from '../infra/compute/onnx-compute.js';

const SHAPE = { theme: 'kind', family: 'group', style: 'style', colour: 'colour' };
const items = ['flat', 'soft'].flatMap((style) =>
  Array.from({ length: 60 }, (_, i): SimulatedItem => {
    const colour = ['red', 'green', 'blue'][i % 3] ?? 'red';
    const attributes = { kind: `kind ${i % 12}`, group: `group ${i % 3}`, style, colour };
    return { externalId: `${style}/${i}`, topics: [attributes.kind, attributes.group], attributes };
  }),
);

test('against simulated people the policy raises what they truly like, and the divergence stays small', async () => {
  const world = createWorld(items, SHAPE, { seed: 1, days: 30 });
  const end = new Date('2026-03-01T00:00:00Z');
  const lives = [
    ...simulateAudience(world, { seed: 1, people: 100, declared: [], days: 30, end, loggedPages: 0 }),
  ];
  const numberOf = new Map(items.map(({ externalId }, number) => [externalId, number]));
  const tastes = new Map<ArrayBufferLike, Taste>();
  const sequences = lives.flatMap(({ person, events }) => {
    const clicks = events.filter(({ type }) => type === 'CLICK');
    const sequence = Int32Array.from(clicks, (event) => numberOf.get(event.itemExternalId) ?? 0);
    tastes.set(sequence.buffer, person.taste);
    return sequence.length >= 3 ? [sequence] : [];
  });
  const data = { itemCount: items.length, sequences };
  const compute = onnxCompute({ threads: 1 });
  const recipe = trunkRecipeFor(data);
  const config = { ...recipe.config, width: 32, history: 24, dropout: 0.1 };
  const trunk = await trainTrunk(data, compute, { seed: 1, maxEpochs: 6 }, { ...recipe, config, rows: 16 });
  await trunk.dispose();

  const rewards = (asked: readonly { history: Int32Array }[], slates: readonly Int32Array[]) =>
    Promise.resolve(
      slates.map((slate, i) => {
        const taste = tastes.get(must(asked[i]).history.buffer) as Taste; // histories are cut from the sequences
        return Float32Array.from(slate, (item) => trueAffinity(taste, items[item] as SimulatedItem, SHAPE));
      }),
    );
  const people = sequences.map((sequence) => ({
    history: sequence.subarray(0, -1),
    target: sequence.at(-1) as number,
  }));
  const [judges, taught] = [people.slice(0, 50), people.slice(50)];
  const lesson = {
    ...{ compute, config, weights: trunk.weights, random: seededRandom('tuning') },
    sequences: taught.map(({ history }) => history),
  };
  const objective = await policyObjective(lesson, { penalty: 0.2, anchor: 0 }, { rewards, judges });
  const jury = { questions: [], supports: supportsOf(sequences, items.length), people: sequences.length };
  const options = { compute, extent: 'all', jury, seed: 1, learningRate: 6e-3, rounds: 12 } as const;
  const { rounds, before, after } = await tuneTrunk(lesson, objective, options);
  expect(after.goal).toBeGreaterThan(1.05 * (before.goal ?? 1));
  expect(rounds.at(-1)?.measures['divergence']).toBeLessThan(1);
});
