import { DomainError } from '../domain/errors.js';
import type { JobId } from '../domain/ids.js';
import { isFinished, type Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import { assertFewOpenJobs } from './assert-few-open-jobs.js';
import { createJob } from './create-job.js';
import { requireJobOf } from './job-of.js';
import type { GeneratePicturesPayload, JobName, JobPayloads } from './jobs.js';
import { offerFor, pictureKindOf } from './picture-kind-of.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';
import { reserveCost } from './reserve-cost.js';

/** Runs a failed, cancelled or expired job again, as a new job with the same payload; once per idempotency key. */
export async function retryJob(
  ports: Pick<Ports, 'stores' | 'transaction' | 'clock' | 'ids' | 'imageMaker' | 'pictureBudget'>,
  viewer: Person,
  jobId: JobId,
  key: string,
): Promise<{ readonly job: Job; readonly replayed: boolean }> {
  const before = await requireJobOf(ports, viewer, jobId);
  if (!isFinished(before.status) || before.status === 'SUCCEEDED')
    throw new DomainError(
      'CONFLICT',
      `a failed, cancelled or expired job was wanted, this one is ${before.status}`,
      { path: ['id'] },
    );
  return ports.transaction(async (tx) => {
    const claim = {
      personId: viewer.id,
      operation: 'retryJob',
      key,
      argumentsHash: jobId,
      at: ports.clock.now(),
    };
    const state = await tx.idempotency.claim(claim);
    if (state.state === 'replay')
      return { job: (await tx.jobs.byId(state.reference as JobId)) ?? before, replayed: true };
    await assertFewOpenJobs(tx, viewer.id);
    const job = await createJob(tx, ports, {
      name: before.name as JobName,
      personId: viewer.id,
      payload: before.payload as JobPayloads[JobName], // our own row, checked when it was written
      deadline: null,
    });
    await reserveAgain(tx, ports, { job, viewer });
    await tx.idempotency.complete(viewer.id, 'retryJob', key, job.id);
    return { job, replayed: false };
  });
}

/** Pictures cost as much as the first time; everything else is free. */
async function reserveAgain(
  tx: Stores,
  ports: Pick<Ports, 'imageMaker' | 'clock' | 'pictureBudget'>,
  { job, viewer }: { readonly job: Job; readonly viewer: Person },
): Promise<void> {
  if (job.name !== 'generate-pictures') return;
  const payload = job.payload as GeneratePicturesPayload; // our own row, checked when it was written
  const { price } = offerFor(ports.imageMaker, pictureKindOf(payload));
  await reserveCost(tx, ports, { job, personId: viewer.id, amount: price * payload.count });
}
