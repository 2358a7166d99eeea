import { onnxCompute } from '../../infra/compute/onnx-compute.js';
import { type Random, seededRandom, shuffled } from '../random.js';
import { ACTIONS } from './actions.js';
import type { HistoryContext } from './history-context.js';
import type { RankingData } from './part.js';
import type { RankerRecipe } from './recipe.js';
import { codeRecipeFor, trainCodes } from './train-codes.js';
import { trainTrunk, type TrunkRecipe, trunkRecipeFor } from './train-trunk.js';

const compute = onnxCompute({ threads: 1 });
const RING = 30;
const on = (item: number, by: number) => (item + by + RING) % RING;

const small = (recipe: TrunkRecipe, width = 32): TrunkRecipe => ({
  ...recipe,
  config: { ...recipe.config, width, history: 8, dropout: 0 },
  rows: 16,
  learningRate: 1e-2,
  emaDecay: 0.9,
  maxEpochs: 16,
  isWarm: false,
});

interface Asked {
  readonly history: Int32Array;
  readonly context: HistoryContext;
  readonly answers: readonly number[];
}

/** Trains, stops by the first third of the questions, and tells the share of right answers among the best items of the rest. */
async function trained(
  data: RankingData,
  questions: readonly Asked[],
  choices: RankerRecipe,
  change: (recipe: TrunkRecipe) => TrunkRecipe = small,
): Promise<number> {
  const third = Math.floor(questions.length / 3);
  const validation = questions.slice(0, third).map(({ history, context, answers }) => ({
    ...{ history, context },
    target: answers[0] ?? 0,
  }));
  const options = { seed: 1, validation };
  const part = await trainTrunk(data, compute, options, change(trunkRecipeFor(data, choices)));
  const asked = questions.slice(third);
  const scores = await part.score(
    asked.map(({ history }) => history),
    asked.map(({ context }) => context),
  );
  await part.dispose();
  const right = asked.map(({ answers }, q) => {
    const best = [...(scores[q] ?? []).entries()].sort((a, b) => b[1] - a[1]).slice(0, answers.length);
    return best.filter(([item]) => answers.includes(item)).length / answers.length;
  });
  return right.reduce((sum, x) => sum + x, 0) / right.length;
}

describe('time', () => {
  const MINUTE = 60;
  const WEEK = 7 * 86_400;

  /** Who comes back within a minute goes on from the last item; who comes back after a week goes on from the one before. */
  function walk(random: Random) {
    const items = [random.int(RING), random.int(RING)];
    const times = [1e9, 1e9 + MINUTE];
    while (items.length < 9) {
      const isSoon = random.next() < 0.5;
      items.push(on(items.at(isSoon ? -1 : -2) ?? 0, isSoon ? 1 : 4));
      times.push((times.at(-1) ?? 0) + (isSoon ? MINUTE : WEEK) * (1 + random.next()));
    }
    return { items: Int32Array.from(items), times: Float64Array.from(times) };
  }

  const random = seededRandom('time');
  const walks = Array.from({ length: 400 }, () => walk(random));
  const data: RankingData = {
    itemCount: RING,
    sequences: walks.map(({ items }) => items),
    times: walks.map(({ times }) => times),
  };
  const asked = Array.from({ length: 150 }, () => {
    const { items, times } = walk(random);
    const context = { times: times.subarray(0, -1), now: times.at(-1) ?? 0 };
    return { history: items.subarray(0, -1), context, answers: [items.at(-1) ?? 0] };
  });

  test('the time bias learns that the answer depends on the time since the last item', async () => {
    const [withTime, without] = [
      await trained(data, asked, {}),
      await trained(data, asked, { timeBias: 'off' }),
    ];
    expect(withTime).toBeGreaterThan(0.9);
    expect(without).toBeLessThan(0.8);
  });

  test('codes that are searched read the times as those that are scored', async () => {
    const recipe = codeRecipeFor(data, { tokenizer: 'plain' });
    const quick = { rows: 8, maxEpochs: 2, config: { ...recipe.config, width: 16, heads: 1 } };
    const part = await trainCodes(data, compute, { seed: 1 }, { ...recipe, ...quick });
    const histories = [Int32Array.of(3, 12)];
    const after = (seconds: number) => [
      { times: Float64Array.of(1e9, 1e9 + MINUTE), now: 1e9 + MINUTE + seconds },
    ];
    for (const seconds of [MINUTE, WEEK]) {
      const [scores = new Float32Array()] = await part.score(histories, after(seconds));
      const [found = []] = await part.search(histories, 5, { contexts: after(seconds) });
      expect(found).toHaveLength(5);
      for (const { item, logProb } of found) expect(logProb).toBeCloseTo(scores[item] ?? NaN, 4);
    }
    const [soon] = await part.search(histories, 5, { contexts: after(MINUTE) });
    const [late] = await part.search(histories, 5, { contexts: after(WEEK) });
    expect(soon).not.toEqual(late);
    await part.dispose();
  });
});

describe('what was done, and what is wanted', () => {
  const [low, high] = [ACTIONS.indexOf('RATED_LOW'), ACTIONS.indexOf('RATED_HIGH')];

  /** After praise the next number comes, after blame the seventh. */
  function walk(random: Random) {
    const items = [random.int(RING)];
    const actions = [random.next() < 0.5 ? low : high];
    while (items.length < 9) {
      items.push(on(items.at(-1) ?? 0, actions.at(-1) === high ? 1 : 7));
      actions.push(random.next() < 0.5 ? low : high);
    }
    return { items: Int32Array.from(items), actions: Int32Array.from(actions) };
  }

  test('action tokens learn that the answer depends on what was done', async () => {
    const random = seededRandom('actions');
    const walks = Array.from({ length: 200 }, () => walk(random));
    const data: RankingData = {
      itemCount: RING,
      sequences: walks.map(({ items }) => items),
      actions: walks.map(({ actions }) => actions),
    };
    const asked = Array.from({ length: 150 }, () => {
      const { items, actions } = walk(random);
      const context = { actions: actions.subarray(0, -1) };
      return { history: items.subarray(0, -1), context, answers: [items.at(-1) ?? 0] };
    });
    const [withActions, without] = [
      await trained(data, asked, { actions: 'on' }),
      await trained(data, asked, {}),
    ];
    expect(withActions).toBeGreaterThan(0.95);
    expect(without).toBeLessThan(0.8);
  });

  test('codes read what was done as the trunk does, alone and beside others alike', async () => {
    const random = seededRandom('codes');
    const walks = Array.from({ length: 200 }, () => walk(random));
    const data: RankingData = {
      itemCount: RING,
      sequences: walks.map(({ items }) => items),
      actions: walks.map(({ actions }) => actions),
    };
    const recipe = codeRecipeFor(data, { actions: 'on', goals: 'on', positionBias: 'on', reasoningSteps: 1 });
    const config = { ...recipe.config, width: 32, history: 8, dropout: 0 };
    const quick = { config, rows: 16, learningRate: 1e-2, emaDecay: 0.9, maxEpochs: 8, isWarm: false };
    const part = await trainCodes(data, compute, { seed: 1 }, { ...recipe, ...quick });
    const histories = walks.slice(0, 20).map(({ items }) => items.subarray(0, 8));
    const contexts = walks.slice(0, 20).map(({ actions }) => ({ actions: actions.subarray(0, 8) }));
    const scores = await part.score(histories, contexts);
    const best = scores.map((row) => row.reduce((top, x, item) => (x > (row[top] ?? 0) ? item : top), 0));
    const right = walks.slice(0, 20).filter(({ items }, w) => items[8] === best[w]);
    expect(right.length).toBeGreaterThan(17);
    const [alone] = await part.score(histories.slice(0, 1), contexts);
    alone?.forEach((score, item) => expect(score).toBeCloseTo(scores[0]?.[item] ?? NaN, 3));
    await part.dispose();
  });

  test('a goal is answered with what it is reached by, no goal with both', async () => {
    const random = seededRandom('goals');
    const [click, favourite] = [ACTIONS.indexOf('CLICK'), ACTIONS.indexOf('FAVOURITE')];
    const walks = Array.from({ length: 200 }, () => {
      const [items, actions] = [[random.int(RING)], [click]];
      while (items.length < 9) {
        const isClick = random.next() < 0.5;
        items.push(on(items.at(-1) ?? 0, isClick ? 1 : 5));
        actions.push(isClick ? click : favourite);
      }
      return { items: Int32Array.from(items), actions: Int32Array.from(actions) };
    });
    const data: RankingData = {
      itemCount: RING,
      sequences: walks.map(({ items }) => items),
      actions: walks.map(({ actions }) => actions),
    };
    const asked = walks.slice(0, 20).flatMap(({ items, actions }) => {
      const [history, last] = [items.subarray(0, 6), items[5] ?? 0];
      const context = { actions: actions.subarray(0, 6) };
      return [
        { history, context: { ...context, goal: click }, answers: [on(last, 1)] },
        { history, context: { ...context, goal: favourite }, answers: [on(last, 5)] },
        { history, context, answers: [on(last, 1), on(last, 5)] },
      ];
    });
    const share = await trained(data, asked, { goals: 'on' });
    expect(share).toBeGreaterThan(0.95);
  });
});

describe('several interests', () => {
  test('ask near two places at once, where one vector of four numbers cannot', async () => {
    const random = seededRandom('interests');
    const ways = [0, 1].map(() => shuffled([...Array(RING).keys()], random));
    /** From each item one of two ways leads on, at random. */
    const walk = () => {
      const items = [random.int(RING)];
      while (items.length < 9) items.push(ways[random.int(2)]?.[items.at(-1) ?? 0] ?? 0);
      return Int32Array.from(items);
    };
    const data = { itemCount: RING, sequences: Array.from({ length: 300 }, walk) };
    const asked = Array.from({ length: 240 }, () => {
      const history = walk().subarray(0, 8);
      return { history, context: {}, answers: ways.map((way) => way[history.at(-1) ?? 0] ?? 0) };
    });
    const narrow = (recipe: TrunkRecipe) => ({ ...small(recipe, 4), maxEpochs: 30 });
    const [two, one] = [
      await trained(data, asked, { interests: 2 }, narrow),
      await trained(data, asked, {}, narrow),
    ];
    expect(two).toBeGreaterThan(0.5);
    expect(two - one).toBeGreaterThan(0.2);
  });
});

describe('thinking on', () => {
  const FEW = 12;
  const BACK = 3;

  /** An item says how many places to look back; what is there says it again; what is there, plus one, comes next. */
  function walk(random: Random): Int32Array {
    const items = Array.from({ length: BACK }, () => random.int(FEW));
    const back = (at: number) => Math.max(0, at - 1 - ((items[at] ?? 0) % BACK));
    while (items.length < 9) items.push(((items[back(back(items.length - 1))] ?? 0) + 1) % FEW);
    return Int32Array.from(items);
  }

  const random = seededRandom('hops');
  const data = { itemCount: FEW, sequences: Array.from({ length: 800 }, () => walk(random)) };
  const asked = Array.from({ length: 300 }, () => {
    const items = walk(random);
    return { history: items.subarray(0, -1), context: {}, answers: [items.at(-1) ?? 0] };
  });
  const patient = (recipe: TrunkRecipe) => ({
    ...small(recipe),
    learningRate: 5e-3,
    patience: 5,
  });

  test('finds by one block what takes two looks, and without it does not', async () => {
    expect(await trained(data, asked, {}, patient)).toBeLessThan(0.85);
    expect(await trained(data, asked, { reasoningSteps: 2 }, patient)).toBeGreaterThan(0.93);
    const residual = { reasoningSteps: 2, reasoning: 'residual' } as const;
    expect(await trained(data, asked, residual, patient)).toBeGreaterThan(0.93);
  });

  test('finds it as well when every step is taught', async () => {
    const progressive = { reasoningSteps: 2, reasoningLoss: 'progressive' } as const;
    expect(await trained(data, asked, progressive, patient)).toBeGreaterThan(0.93);
  });
});

test('a choice that the data cannot bear is refused by name', () => {
  const data = { itemCount: 3, sequences: [Int32Array.of(0, 1, 2)] };
  expect(() => trunkRecipeFor(data, { timeBias: 'on', goals: 'on' })).toThrow(
    'timeBias: real times were wanted, the data has none; goals: actions were wanted, the data has none',
  );
});
