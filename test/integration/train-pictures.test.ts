import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../../src/domain/ids.js';
import { createJob } from '../../src/flow/create-job.js';
import type { Ports } from '../../src/flow/ports.js';
import { startPictureTraining } from '../../src/flow/start-bulk.js';
import { trainPictures } from '../../src/flow/train-pictures.js';
import { createReplicateTrainer } from '../../src/infra/providers/images/replicate-trainer.js';
import { runJob } from '../../workers/run-job.js';
import {
  REPLICATE_TEST_TOKEN,
  startReplicateServer,
  type ReplicateServer,
} from '../support/replicate-server.js';
import { withDatabase } from '../support/test-database.js';
import { workerPorts } from '../support/test-ports.js';
import { world } from '../support/world.js';

const database = withDatabase();
let provider: ReplicateServer;
let ports: Ports;
let close: () => Promise<void>;
beforeEach(async () => {
  provider = await startReplicateServer();
  const made = await workerPorts(database);
  close = made.close;
  const account = { token: REPLICATE_TEST_TOKEN, baseUrl: provider.baseUrl };
  ports = { ...made.ports, pictureTrainer: createReplicateTrainer({ ...account, pollMs: 100 }) };
});
afterEach(async () => {
  await close();
  await provider.close();
});

const training = {
  trainer: `team/trainer:${'a'.repeat(64)}`,
  destination: 'team/style',
  input: { trigger_word: 'VTRN' },
};
async function send(changes: Partial<typeof training> = {}): Promise<JobId> {
  const { people } = await world(database);
  const payload = { ...training, ...changes };
  const job = await database.transaction((tx) =>
    createJob(tx, ports, { name: 'train-pictures', personId: people[0].id, payload, deadline: null }),
  );
  return job.id;
}
const attempt = (jobId: JobId, signal = new AbortController().signal) =>
  runJob(ports, { timeoutMs: 30_000, run: trainPictures }, { jobId, signal });
const begun = () => provider.requests.filter((line) => line.endsWith('/trainings'));
const states = () => [...provider.trainings.values()].map(({ status }) => status);
async function until(state: string): Promise<void> {
  while (!states().includes(state)) await sleep(20);
}

test('a training is begun, followed to its end, and says which version it made', async () => {
  const id = await send();
  await attempt(id);
  const pictureModel = `team/style:${'f'.repeat(64)}`;
  expect(await database.stores.jobs.byId(id)).toMatchObject({
    status: 'SUCCEEDED',
    result: { pictureModel },
  });
  expect(begun()).toEqual([`POST /v1/models/team/trainer/versions/${'a'.repeat(64)}/trainings`]);
});

test('a worker that goes down leaves the training running, and the next one follows it', async () => {
  provider.scenario = 'slow';
  const id = await send();
  const shutdown = new AbortController();
  const first = attempt(id, shutdown.signal);
  await until('processing');
  shutdown.abort();
  await expect(first).rejects.toThrow();
  expect(states()).toEqual(['processing']);
  const asked = provider.requests.length;
  const second = attempt(id);
  while (provider.requests.length === asked) await sleep(20); // it follows
  await database.stores.jobs.finish(id, null, { status: 'CANCELED' }, new Date());
  await second;
  expect(begun()).toHaveLength(1);
  expect(states()).toEqual(['canceled']);
});

test.each([
  ['failing', 'CUDA out of memory'],
  ['canceled', 'ended the prediction as canceled'],
] as const)('a training that ends as "%s" fails with a sentence', async (scenario, said) => {
  provider.scenario = scenario;
  const id = await send();
  await attempt(id);
  expect(await database.stores.jobs.byId(id)).toMatchObject({
    status: 'FAILED',
    failure: {
      code: 'PROVIDER_UNAVAILABLE',
      provider: 'replicate',
      message: expect.stringContaining(said) as string,
    },
  });
});

test('a trainer without a version is refused before anything is sent', async () => {
  const id = await send({ trainer: 'team/trainer' });
  await attempt(id);
  expect(await database.stores.jobs.byId(id)).toMatchObject({ failure: { code: 'INVALID_INPUT' } });
  expect(provider.requests).toEqual([]);
});

test('without a provider that trains a clear sentence says how to set one', async () => {
  const { people } = await world(database);
  const asked = () =>
    startPictureTraining(
      { ...ports, pictureTrainer: null },
      { operator: people[0], idempotencyKey: 'k'.repeat(16), ...training },
    );
  expect(asked).toThrow(/REPLICATE_API_TOKEN/);
});
