import { DomainError } from '../../src/domain/errors.js';
import type { ImageMaker, Ports } from '../../src/flow/ports.js';
import type { SafetyChecker } from '../../src/flow/ports/safety-checker.js';
import { withApi } from '../support/api.js';
import { as, key } from '../support/drawn-works.js';
import { must } from '../support/must.js';
import { workOn } from '../support/pictures-by.js';
import { smallWorld, type SmallWorld } from '../support/small-world.js';

const OFFER = { model: 'plain-1', price: 10_000 };
/** One shade a picture, with a preview of the same shade on the way. */
const imageMaker: ImageMaker = {
  name: 'test',
  model: 'plain-1',
  defaults: { steps: 2, guidance: 1 },
  offers: { 'text-to-image': OFFER },
  make({ seed }, _signal, onProgress) {
    const data = new Uint8Array(64 * 64 * 3).fill(seed);
    const picture = { width: 64, height: 64, channels: 3 as const, data };
    onProgress({ progress: 0.5, stage: 'drawing', preview: picture });
    return Promise.resolve({ picture, used: {}, by: { provider: 'test', ...OFFER } });
  },
};
const api = withApi({ imageMaker });
let world: SmallWorld;
beforeAll(async () => {
  world = await smallWorld(api.ports);
});

const verdict = { policy: 'shades-1', threshold: 0.5, category: 'dark' };
/** Dark shades are what it is looking for. */
const shades: SafetyChecker = {
  timeoutMs: 5_000,
  check: ({ data }) => Promise.resolve({ ...verdict, score: (data[0] ?? 0) < 100 ? 0.9 : 0.1 }),
};
const down: SafetyChecker = {
  timeoutMs: 5_000,
  check: () => Promise.reject(new Error('connection refused')),
};
const deaf: SafetyChecker = { timeoutMs: 50, check: () => new Promise(() => undefined) };

const ask = async (input: object) => {
  const wish = { ...key(), brief: 'a shade', personalise: false, visibility: 'PUBLIC', ...input };
  return (await api.send('Generate', { input: wish }, as(world.ada))).data.generate;
};
const look = async (id: string) => must((await api.send('Job', { id }, as(world.ada))).data.job);
const withChecker = (safety: SafetyChecker | null): Ports => ({ ...api.ports, safety });
const stored = () => api.database.query<{ hash: string }>('SELECT hash FROM media WHERE ai_marked');
const shownPreviews = async () =>
  api.database.query(
    `SELECT 1 FROM job_event e JOIN media m ON m.hash = e.body->>'previewHash' WHERE e.kind = 'PROGRESSED'`,
  );

test('each output has its own verdict: a withheld one is nowhere, costs nothing, and the job says by which policy', async () => {
  const before = (await stored()).length;
  const { job } = await ask({ count: 3, seed: 98 }); // shades 98 and 99 are dark, 100 is not
  await workOn(withChecker(shades), job.id);
  const done = await look(job.id);
  expect(done).toMatchObject({ status: 'PARTIALLY_SUCCEEDED', cost: { reserved: 0.03, charged: 0.01 } });
  expect(done.outputs.map(({ item }) => item === null)).toEqual([true, true, false]);
  expect(done.outputs[0]?.withheld).toEqual({
    ...{ code: 'CONTENT_REFUSED' },
    message: 'the picture: dark (0.90, withheld from 0.5 on, policy shades-1)',
  });
  expect(await stored()).toHaveLength(before + 2); // the one that may be shown, and its preview
  const { id } = must(done.outputs[2]?.item);
  const query = `{ node(id: "${id}") { ... on GeneratedItem { verdicts { policy score threshold category } } } }`;
  expect((await api.query(query, as(world.ada))).data).toEqual({
    node: {
      verdicts: [
        { policy: 'words-1', score: 0, threshold: 0.8, category: null },
        { ...verdict, score: 0.1 },
      ],
    },
  });
  expect((await api.query(query, as(world.bob))).data).toEqual({ node: { verdicts: null } });
});

test.each([
  ['down', down],
  ['slow', deaf],
])(
  'with a checker that is %s nothing unchecked becomes visible, and the job says why',
  async (_, checker) => {
    const [before, previews] = [(await stored()).length, (await shownPreviews()).length];
    const { job } = await ask({ count: 2, seed: 200 });
    for (let attempt = 1; attempt < job.maxAttempts; attempt++)
      await expect(workOn(withChecker(checker), job.id)).rejects.toBeInstanceOf(DomainError); // tried again
    await workOn(withChecker(checker), job.id);
    const done = await look(job.id);
    expect(done).toMatchObject({
      status: 'FAILED',
      failure: { code: 'PROVIDER_UNAVAILABLE', provider: 'safety' },
      cost: { charged: 0 },
    });
    expect(done.failure?.message).toBe(
      'the safety check did not answer, and what was not checked is not shown',
    );
    expect(await stored()).toHaveLength(before);
    expect(await shownPreviews()).toHaveLength(previews);
  },
);

test('a checker that comes back lets the next attempt finish the job', async () => {
  const { job } = await ask({ seed: 210 });
  await expect(workOn(withChecker(down), job.id)).rejects.toBeInstanceOf(DomainError);
  await workOn(withChecker(shades), job.id);
  expect(await look(job.id)).toMatchObject({ status: 'SUCCEEDED' });
});

test('words that ask for what shall not be shown are refused before there is a job', async () => {
  expect(await ask({ brief: 'a beheaded man' })).toMatchObject({
    __typename: 'Refused',
    code: 'CONTENT_REFUSED',
    message: 'the words: violence (1.00, withheld from 0.8 on, policy words-1)',
  });
  expect(await ask({ brief: 'a naked mole rat' })).toMatchObject({ __typename: 'GeneratePayload' });
});
