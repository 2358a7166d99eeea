import { DomainError } from '../domain/errors.js';
import type { JobId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

/** A job as its owner sees it; somebody else's is as absent as one that does not exist. */
export async function jobOf(
  { stores }: Pick<Ports, 'stores'>,
  viewer: Person,
  jobId: JobId,
): Promise<Job | null> {
  const job = await stores.jobs.byId(jobId);
  return job?.personId === viewer.id ? job : null;
}

/** Like `jobOf`, for steps that cannot go on without it. */
export async function requireJobOf(ports: Pick<Ports, 'stores'>, viewer: Person, jobId: JobId): Promise<Job> {
  const job = await jobOf(ports, viewer, jobId);
  if (job === null) throw new DomainError('NOT_FOUND', 'no job of yours has this id', { path: ['id'] });
  return job;
}
