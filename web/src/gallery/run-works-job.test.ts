import { expect, test } from '@jest/globals';
import { runWorksJob } from './run-works-job.js';

/** Answers each look with the next status; the last one stays. */
function clientWith(startWorksJob: object, statuses: readonly string[], facts: object = {}) {
  const asked: unknown[] = [];
  let looks = 0;
  const client = {
    mutate: ({ variables }: { variables?: unknown }) => {
      asked.push(variables);
      return Promise.resolve({ data: { startWorksJob } });
    },
    query: () => {
      const status = statuses[Math.min(looks++, statuses.length - 1)];
      return Promise.resolve({ data: { worksJob: { id: 'job', status, ...facts } } });
    },
  };
  return { asked, looks: () => looks, client: client as unknown as Parameters<typeof runWorksJob>[0] };
}

const started = { __typename: 'BulkPayload', job: { id: 'job' } };
const wish = { action: 'TAG', itemIds: ['a', 'b'], label: 'summer' } as const;
const atOnce = () => Promise.resolve();

test('the job is looked at until it has ended, and comes back with what it made', async () => {
  const facts = { downloadUrl: '/downloads/1' };
  const { client, asked, looks } = clientWith(started, ['QUEUED', 'RUNNING', 'SUCCEEDED'], facts);
  expect(await runWorksJob(client, wish, atOnce)).toMatchObject(facts);
  expect(looks()).toBe(3);
  expect(asked).toMatchObject([{ input: { action: 'TAG', itemIds: ['a', 'b'], addTags: ['summer'] } }]);
});

test('a refusal and a failure are told in words', async () => {
  const refusal = { __typename: 'InvalidInput', message: 'at most 5,000 works' };
  await expect(runWorksJob(clientWith(refusal, []).client, wish, atOnce)).rejects.toThrow('At most 5,000');
  const failure = { failure: { message: 'the disk is full' } };
  const { client } = clientWith(started, ['FAILED'], failure);
  await expect(runWorksJob(client, wish, atOnce)).rejects.toThrow('the disk is full');
});

test('one that never ends is given up, not waited for', async () => {
  const { client } = clientWith(started, ['RUNNING']);
  await expect(runWorksJob(client, wish, atOnce)).rejects.toThrow('longer than expected');
});
