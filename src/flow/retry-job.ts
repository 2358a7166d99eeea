import { DomainError } from '../domain/errors.js';
import type { JobId } from '../domain/ids.js';
import { isFinished, type Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import { createJob } from './create-job.js';
import { requireJobOf } from './job-of.js';
import type { GeneratePicturesPayload } from './jobs.js';
import { offerFor, pictureKindOf } from './picture-kind-of.js';
import type { Ports } from './ports.js';
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
  if (before.name !== 'generate-pictures')
    throw new DomainError('INVALID_INPUT', `a picture job was wanted, this one is ${before.name}`, {
      path: ['id'],
    });
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
    const payload = before.payload as GeneratePicturesPayload; // our own row, checked when it was written
    const job = await createJob(tx, ports, {
      name: 'generate-pictures',
      personId: viewer.id,
      payload,
      deadline: null,
    });
    const { price } = offerFor(ports.imageMaker, pictureKindOf(payload));
    await reserveCost(tx, ports, { job, personId: viewer.id, amount: price * payload.count });
    await tx.idempotency.complete(viewer.id, 'retryJob', key, job.id);
    return { job, replayed: false };
  });
}
