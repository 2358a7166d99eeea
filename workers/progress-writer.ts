import type { MediaHash } from '../src/domain/ids.js';
import type { Job } from '../src/domain/job.js';
import type { JobContext } from '../src/flow/job-handler.js';
import type { Ports } from '../src/flow/ports.js';

/** Four lines a second are smooth to look at and little to store. */
const AT_MOST_EVERY_MS = 250;

interface News {
  readonly progress: number;
  readonly stage: string;
  readonly previewHash: MediaHash | null;
}

/** Writes the newest report, at most every 250 ms, one after the other; calls `onRefused` when the row is not ours any more. */
export function progressWriter(
  { stores, clock, log }: Pick<Ports, 'stores' | 'clock' | 'log'>,
  job: Job,
  onRefused: () => void,
): { report: JobContext['report']; flush: () => Promise<void> } {
  let news: News | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    timer = null;
    if (news === null) return;
    const event = { kind: 'PROGRESSED', ...news } as const;
    news = null;
    const isOurs = await stores.jobs.progress(job.id, job.fence, event, clock.now());
    if (!isOurs) onRefused();
  };
  const enqueue = (): void => {
    writing = writing
      .then(write)
      .catch((error: unknown) => log('job.progress-failed', { jobId: job.id, error }));
  };
  return {
    report(progress, stage, preview) {
      // a preview not yet written is kept until there is a newer one
      news = { progress, stage, previewHash: preview ?? news?.previewHash ?? null };
      timer ??= setTimeout(enqueue, AT_MOST_EVERY_MS);
    },
    async flush() {
      if (timer !== null) clearTimeout(timer);
      enqueue();
      await writing;
    },
  };
}
