import type { JobId } from '../domain/ids.js';
import type { Ports, RunMemory } from './ports.js';

/** Remembers which run at a provider makes which output of a job, and hears what its webhooks tell. */
export function runMemory(
  { stores, wakeups, clock }: Pick<Ports, 'stores' | 'wakeups' | 'clock'>,
  jobId: JobId,
  index: number,
): RunMemory {
  const heard = new Map<string, number>();
  return {
    earlier: () => stores.providerRuns.latest(jobId, index),
    started: (provider, runId) =>
      stores.providerRuns.begin({ provider, runId, jobId, index, at: clock.now() }),
    async news(provider, runId, waitMs, signal) {
      const look = async () => {
        const run = await stores.providerRuns.news(provider, runId);
        if (run === null || run.news === null || heard.get(runId) === run.updatedAt.getTime()) return null;
        heard.set(runId, run.updatedAt.getTime());
        return run.news;
      };
      const known = await look();
      if (known !== null) return known;
      await wakeups.wait(`run:${provider}:${runId}`, waitMs, signal);
      return look();
    },
  };
}
