import { withDatabase } from '../support/test-database.js';
import { world } from '../support/world.js';

const database = withDatabase();
const at = new Date('2024-05-01T12:00:00Z');
const hours = (n: number) => new Date(at.getTime() + n * 3_600_000);

async function entry() {
  const { people } = await world(database);
  return { personId: people[0].id, operation: 'generate', key: 'k1', argumentsHash: 'a', at };
}

test('of 20 concurrent claims one is new, the others replay its reference', async () => {
  const mine = await entry();
  const states = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      database.transaction(async ({ idempotency }) => {
        const claim = await idempotency.claim(mine);
        if (claim.state === 'new') await idempotency.complete(mine.personId, 'generate', 'k1', `job-${i}`);
        return claim;
      }),
    ),
  );
  expect(states.filter(({ state }) => state === 'new')).toHaveLength(1);
  const references = states.flatMap((claim) => (claim.state === 'replay' ? [claim.reference] : []));
  expect(references).toHaveLength(19);
  expect(new Set(references).size).toBe(1);
});

test('a claim that was rolled back is free again', async () => {
  const mine = await entry();
  const failing = database.transaction(async ({ idempotency }) => {
    await idempotency.claim(mine);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await database.stores.idempotency.claim(mine)).toEqual({ state: 'new' });
});

test('the same key with other arguments is refused, for another person or operation it is another key', async () => {
  const { idempotency } = database.stores;
  const mine = await entry();
  await idempotency.claim(mine);
  await idempotency.complete(mine.personId, 'generate', 'k1', 'job-1');
  await expect(idempotency.claim({ ...mine, argumentsHash: 'b' })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  expect(await idempotency.claim({ ...mine, operation: 'retryJob' })).toEqual({ state: 'new' });
  expect(await idempotency.claim(await entry())).toEqual({ state: 'new' });
});

test('a key is remembered for a day', async () => {
  const { idempotency } = database.stores;
  const mine = await entry();
  await idempotency.claim(mine);
  await idempotency.complete(mine.personId, 'generate', 'k1', 'job-1');
  expect(await idempotency.claim({ ...mine, at: hours(23) })).toEqual({
    state: 'replay',
    reference: 'job-1',
  });
  expect(await idempotency.claim({ ...mine, argumentsHash: 'b', at: hours(25) })).toEqual({ state: 'new' });
});

test('a claim without an answer asks to come back, and is free when its owner has crashed', async () => {
  const { idempotency } = database.stores;
  const mine = await entry();
  await idempotency.claim(mine);
  await expect(idempotency.claim({ ...mine, at: new Date(at.getTime() + 1_000) })).rejects.toMatchObject({
    code: 'CONFLICT',
    retryable: true,
  });
  expect(await idempotency.claim({ ...mine, at: hours(1) })).toEqual({ state: 'new' });
});
