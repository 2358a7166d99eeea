import { StoreUnavailable } from '../domain/errors.js';
import { storePatiently, waitsForStore } from './store-patiently.js';

/** Waits are noted, and over at once. */
const context = () => {
  const [told, waited]: [string[], number[]] = [[], []];
  const report = (_: number, stage: string) => void told.push(stage);
  const pause = (ms: number) => {
    waited.push(ms);
    return Promise.resolve();
  };
  return { told, waited, report, pause };
};
const isDown = () => Promise.reject(new StoreUnavailable(new Error('disk full')));

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
    return tries < 3 ? isDown() : Promise.resolve('hash');
  });
  expect([stored, tries, own.waited]).toEqual(['hash', 3, [1_000, 2_000]]);
  expect(new Set(own.told)).toEqual(new Set(['waiting for the picture store']));
});

test('a store that is down for half an hour has the picture before the provider deletes its own', async () => {
  let now = 0;
  const pause = (ms: number) => Promise.resolve(void (now += ms));
  const store = () => (now < 30 * 60_000 ? isDown() : Promise.resolve(now));
  const storedAt = await storePatiently({ report: () => undefined, pause }, 0.9, store);
  expect(storedAt).toBeLessThan(32 * 60_000);
});

test('patience ends with what was wrong; a bug is not waited for, and a job that is stopped does not wait on', async () => {
  const patient = context();
  await expect(storePatiently(patient, 0.9, isDown)).rejects.toThrow(StoreUnavailable);
  expect(patient.waited).toEqual([...waitsForStore()]);
  const own = context();
  const bug = storePatiently(own, 0.9, () => Promise.reject(new TypeError('no such thing')));
  await expect(bug).rejects.toThrow('no such thing');
  expect(own.waited).toEqual([]);
  const stopped = { ...own, pause: () => Promise.reject(new Error('canceled')) };
  await expect(storePatiently(stopped, 0.9, isDown)).rejects.toThrow('canceled');
});
