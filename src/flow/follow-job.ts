import type { JobId } from '../domain/ids.js';
import { isFinished, type JobEvent } from '../domain/job.js';
import type { Ports } from './ports.js';

const PAGE = 100;
/** Wake-ups are hints; a lost one costs this at most. A thousand idle readers ask 200 times a second; at 2 s it was 1,000 times. */
const POLL_MS = 10_000;

/** Replays a job's events after the cursor, then follows; ends after FINISHED. Works on any server: the log is the truth. */
export async function* followJob(
  { stores, wakeups }: Pick<Ports, 'stores' | 'wakeups'>,
  jobId: JobId,
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<JobEvent> {
  let cursor = after;
  while (!signal.aborted) {
    const events = await stores.jobs.eventsAfter(jobId, cursor, PAGE);
    for (const event of events) {
      yield event;
      cursor = event.seq;
      if (event.kind === 'FINISHED') return;
    }
    if (events.length === PAGE) continue;
    if (events.length === 0 && (await isOver(stores, jobId))) return;
    // what was said since the read above is not slept over: the wake-ups count for each reader
    await wakeups.wait(`job:${jobId}`, POLL_MS, signal);
  }
}

/** A client that resumes after the very last event would otherwise wait for ever. */
async function isOver(stores: Ports['stores'], jobId: JobId): Promise<boolean> {
  const job = await stores.jobs.byId(jobId);
  return job === null || isFinished(job.status);
}
