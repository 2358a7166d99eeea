import type { JobId } from '../domain/ids.js';
import { isFinished, type Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import { requireJobOf } from './job-of.js';
import type { Ports } from './ports.js';

/** Cancels in any state. The row decides: a worker that still runs sees it within a second and its late writes are refused. */
export async function cancelJob(
  ports: Pick<Ports, 'stores' | 'clock'>,
  viewer: Person,
  jobId: JobId,
): Promise<{ readonly job: Job; readonly wasRunning: boolean }> {
  const before = await requireJobOf(ports, viewer, jobId);
  if (!isFinished(before.status)) {
    await ports.stores.jobs.finish(jobId, null, { status: 'CANCELED' }, ports.clock.now());
  }
  return { job: await requireJobOf(ports, viewer, jobId), wasRunning: before.status === 'RUNNING' };
}
