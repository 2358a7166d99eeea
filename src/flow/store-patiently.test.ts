import { StoreUnavailable } from '../domain/errors.js';
import { storePatiently, waitsForStore } from './store-patiently.js';

const context = (signal = new AbortController().signal) => {
  const told: string[] = [];
  const uncounted = <T>(work: () => Promise<T>) => work();
  return { signal, uncounted, told, report: (_: number, stage: string) => void told.push(stage) };
};

test('waits grow to a minute and outlast half an hour, but not the hour after which a provider deletes', () => {
  const waits = [...waitsForStore()];
  expect(waits.slice(0, 7)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  const total = waits.reduce((sum, wait) => sum + wait, 0);
  expect(total).toBeGreaterThanOrEqual(30 * 60_000);
  expect(total).toBeLessThan(55 * 60_000);
});

test('what cannot be stored is tried again, and the page is told', async () => {
  let tries = 0;
  const own = context();
  const stored = await storePatiently(own, 0.9, () => {
    tries++;
    return tries < 2 ? Promise.reject(new StoreUnavailable(new Error('disk full'))) : Promise.resolve('hash');
  });
  expect([stored, tries, own.told]).toEqual(['hash', 2, ['waiting for the picture store']]);
});

test('a bug is not waited for, and a job that is stopped does not wait on', async () => {
  let tries = 0;
  const bug = storePatiently(context(), 0.9, () => {
    tries++;
    return Promise.reject(new TypeError('no such thing'));
  });
  await expect(bug).rejects.toThrow('no such thing');
  expect(tries).toBe(1);
  const stopping = new AbortController();
  const waiting = storePatiently(context(stopping.signal), 0.9, () =>
    Promise.reject(new StoreUnavailable(new Error('disk full'))),
  );
  stopping.abort(new Error('canceled'));
  await expect(waiting).rejects.toThrow(/abort/i);
});
