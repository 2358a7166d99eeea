import type { JobId, PersonId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import { jobEta } from './job-eta.js';
import type { JobName, JobPayloads } from './jobs.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';

/** Tries per job, the first one included. Pictures and training are cheap to repeat; imports resume where they stopped. */
export const MAX_ATTEMPTS: Readonly<Record<JobName, number>> = {
  'generate-pictures': 3,
  'import-catalogue': 3,
  'train-ranker': 2,
  'evaluate-ranker': 2,
  'refresh-codes': 2,
  'tag-works': 3,
  'delete-works': 3,
  'export-works': 3,
  'train-pictures': 8, // each worker that goes down takes one; the training itself goes on
};

/** Row, first event and message, all in the caller's transaction: none can exist without the others. */
export async function createJob<N extends JobName>(
  tx: Stores,
  { clock, ids }: Pick<Ports, 'clock' | 'ids'>,
  job: {
    readonly name: N;
    readonly personId: PersonId | null;
    readonly payload: JobPayloads[N];
    readonly deadline: Date | null;
  },
): Promise<Job> {
  const createdAt = clock.now();
  const id = ids.next() as JobId;
  const row = await tx.jobs.create({ ...job, id, maxAttempts: MAX_ATTEMPTS[job.name], createdAt });
  const queuePosition = await tx.jobs.queuePosition(id);
  const eta = await jobEta({ stores: tx, clock }, id);
  const etaSeconds = eta === null ? null : Math.round(eta);
  await tx.jobs.appendQueued(id, { kind: 'QUEUED', queuePosition, etaSeconds }, createdAt);
  await tx.queue.send(job.name, id);
  return row;
}
