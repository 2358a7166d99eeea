import { Command } from 'commander';
import { DomainError } from '../domain/errors.js';
import type { JobId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import { retryJob } from '../flow/retry-job.js';
import type { Deps } from '../wire.js';
import { run } from './run.js';

const SHOWN = 50;

/** `npm run jobs -- failed|retry`: what ended badly for good, why, and how to run it again by hand. */
export function jobsCommand(): Command {
  const jobs = new Command('jobs').description('list jobs that failed for good, and run one again');
  jobs
    .command('failed')
    .description(`the last ${SHOWN} jobs that failed, newest first, with the reason`)
    .action(() => run(listFailed));
  jobs
    .command('retry')
    .description('run a failed, cancelled or expired job again, as a new job; once per job')
    .requiredOption('--job <id>', 'as `failed` prints it')
    .action(({ job }: { job: JobId }) => run((deps) => retryByHand(deps, job)));
  return jobs;
}

async function listFailed({ ports }: Deps): Promise<void> {
  const failed = await ports.stores.jobs.failed(SHOWN);
  process.stdout.write(failed.length === 0 ? 'No job has failed.\n' : failed.map(lineOf).join(''));
}

function lineOf({ id, name, attempt, finishedAt, failure }: Job): string {
  const reason = failure === null ? 'no reason was stored' : `${failure.code}: ${failure.message}`;
  return `${id}  ${name}  ${finishedAt?.toISOString() ?? ''}\n    ${reason} (attempt ${attempt})\n`;
}

/** In the name of the person whose job it was, so that it counts and belongs as if they had asked again. */
async function retryByHand({ ports }: Deps, jobId: JobId): Promise<void> {
  const before = await ports.stores.jobs.byId(jobId);
  const personId = before?.personId ?? null;
  const person = personId === null ? null : await ports.stores.people.byId(personId);
  if (person === null) throw new DomainError('NOT_FOUND', `no job of a person has the id ${jobId}`);
  const { job, replayed } = await retryJob(ports, person, jobId, `by-hand-${jobId}`);
  process.stdout.write(
    `${replayed ? 'It was asked for before' : 'It waits'}: job ${job.id}, ${job.status}.\n`,
  );
}
