import { setTimeout as sleep } from 'node:timers/promises';
import type { JobId } from '../../domain/ids.js';
import { type Delivery, MessageTaker, type TakerParts } from './take-messages.js';

interface Waiting {
  readonly id: string;
  readonly retryCount: number;
  readonly data: { readonly jobId: JobId };
}

/** A queue in memory that notes what it was asked. */
function fakeQueue(count: number) {
  const waiting: Waiting[] = Array.from({ length: count }, (_, i) => {
    const id = `m${i}`;
    return { id, retryCount: 0, data: { jobId: id as JobId } };
  });
  const fetched: number[] = [];
  const completed: string[][] = [];
  const failed: string[] = [];
  const lost = new Map<string, () => void>();
  const ids = (messages: unknown) => (messages as Waiting[]).map(({ id }) => id);
  const boss = {
    fetch: (_: string, { batchSize }: { batchSize: number }) => {
      fetched.push(batchSize);
      return sleep(2).then(() => waiting.splice(0, batchSize));
    },
    complete: (_: string, messages: unknown) => sleep(5).then(() => completed.push(ids(messages))),
    fail: (_: string, messages: unknown) => sleep(1).then(() => failed.push(...ids(messages))),
  };
  const parts = {
    boss,
    wakeups: {
      wait: (_: string, ms: number, signal: AbortSignal) =>
        sleep(ms, undefined, { signal }).catch(() => undefined),
    },
    heartbeat: {
      hold: ({ id }: { id: string }, onLost: () => void) => lost.set(id, onLost),
      release: (id: string) => lost.delete(id),
    },
    log: () => undefined,
  } as unknown as TakerParts;
  return { waiting, fetched, completed, failed, lost, parts };
}

const take = (parts: TakerParts, places: number, handle: (delivery: Delivery) => Promise<void>) =>
  new MessageTaker(parts, { queue: 'train-ranker', places, handle });

test('short jobs are fetched and completed several at a time, each once, never more at once than there are places', async () => {
  const queue = fakeQueue(40);
  const handled: string[] = [];
  let [running, most] = [0, 0];
  const taker = take(queue.parts, 4, async ({ jobId }) => {
    most = Math.max(most, ++running);
    await sleep(3);
    running -= 1;
    handled.push(jobId);
  });
  while (handled.length < 40) await sleep(5);
  await taker.close(1_000);
  expect(new Set(handled).size).toBe(40);
  expect(most).toBe(4);
  expect(queue.completed.flat().sort()).toEqual([...handled].sort());
  expect(queue.completed.length).toBeLessThan(40);
  expect(queue.fetched.length).toBeLessThan(40);
});

test('a long job keeps no other waiting', async () => {
  const queue = fakeQueue(10);
  const handled: string[] = [];
  const taker = take(queue.parts, 2, async ({ jobId, signal }) => {
    if (jobId === 'm0') await sleep(60_000, undefined, { signal });
    handled.push(jobId);
  });
  while (handled.length < 9) await sleep(5);
  await taker.close(0);
  expect(handled).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9']);
});

test('an empty queue is asked once, and again when somebody says that there is news', async () => {
  const queue = fakeQueue(0);
  const handled: string[] = [];
  const taker = take(queue.parts, 3, ({ jobId }) => {
    handled.push(jobId);
    return Promise.resolve();
  });
  await sleep(50);
  expect(queue.fetched).toEqual([3]);
  queue.waiting.push({ id: 'late', retryCount: 0, data: { jobId: 'late' as JobId } });
  taker.look();
  while (handled.length === 0) await sleep(5);
  await taker.close(1_000);
  expect(handled).toEqual(['late']);
});

test('a failure is told to the queue, and so is what is handed back; what a handler says after that is not', async () => {
  const queue = fakeQueue(2);
  const taker = take(queue.parts, 2, async ({ jobId, signal }) => {
    if (jobId === 'm0') throw new Error('bad luck');
    await sleep(60_000, undefined, { signal });
  });
  while (!queue.failed.includes('m0')) await sleep(5);
  await taker.close(20);
  await sleep(20);
  expect(queue.failed).toEqual(['m0', 'm1']);
  expect(queue.completed).toEqual([]);
  expect(queue.lost.size).toBe(0);
});

test('a message that the queue took back stops its handler', async () => {
  const queue = fakeQueue(1);
  const stopped: string[] = [];
  const taker = take(queue.parts, 1, ({ signal }) =>
    sleep(60_000, undefined, { signal }).catch(() => {
      stopped.push('m0');
    }),
  );
  while (queue.lost.size === 0) await sleep(5);
  queue.lost.get('m0')?.();
  while (stopped.length === 0) await sleep(5);
  await taker.close(1_000);
});
