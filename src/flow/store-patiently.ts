import { StoreUnavailable } from '../domain/errors.js';
import type { JobContext } from './job-handler.js';

const SECOND = 1_000;
const LONGEST_WAIT = 60 * SECOND;
/** Providers delete what they made after an hour: by then the store is back, or an operator knows. */
const PATIENCE = 50 * 60 * SECOND;

/** Milliseconds before each new try: 1, 2, 4 … 60 s, 50 minutes in all. */
export function* waitsForStore(): Generator<number> {
  let waited = 0;
  for (let wait = SECOND; waited < PATIENCE; wait = Math.min(LONGEST_WAIT, 2 * wait)) {
    waited += wait;
    yield wait;
  }
}

/**
 * What was made is in hand and paid for: while the store is down it is held and tried again, outside the attempt's limit, until the
 * store is back, the job is stopped, or 50 minutes have passed. Then the last StoreUnavailable is thrown.
 */
export async function storePatiently<T>(
  { pause, report }: Pick<JobContext, 'pause' | 'report'>,
  progress: number,
  store: () => Promise<T>,
): Promise<T> {
  const waits = waitsForStore();
  for (;;) {
    try {
      return await store();
    } catch (error) {
      const wait = waits.next();
      if (!(error instanceof StoreUnavailable) || wait.done === true) throw error;
      report(progress, 'waiting for the picture store');
      await pause(wait.value);
    }
  }
}
