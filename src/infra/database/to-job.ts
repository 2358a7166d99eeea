import type { Job } from '../../domain/job.js';
import type { Job as Row } from '../../generated/prisma/client.js';

/** The only writers of these rows are the job store's statements, so the casts hold. */
export function toJob(row: Row): Job {
  return row as unknown as Job;
}
