import { DomainError } from '../domain/errors.js';
import type { PersonId } from '../domain/ids.js';
import type { Stores } from './ports/stores.js';

/** One person may have this many jobs waiting or running; others are not made to wait behind more. */
const MAX_OPEN_JOBS = 8;

/** Asked in the transaction that creates the job, so that of many at once only as many are taken as there are places. */
export async function assertFewOpenJobs(tx: Stores, personId: PersonId): Promise<void> {
  const open = await tx.jobs.countOpen(personId);
  if (open < MAX_OPEN_JOBS) return;
  throw new DomainError(
    'QUOTA_EXCEEDED',
    `at most ${MAX_OPEN_JOBS} open jobs a person, you have ${open}; wait or cancel one`,
    { retryable: true, constraint: `<= ${MAX_OPEN_JOBS}` },
  );
}
