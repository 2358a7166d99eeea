import type { JobId } from '../domain/ids.js';
import { secondsLeft, secondsUntilDone } from '../domain/seconds-until-done.js';
import type { Ports } from './ports.js';
import type { QueueOutlook } from './ports/queue-outlook.js';
import type { Stores } from './ports/stores.js';

/** Seconds until a job is done; null when nobody can know: no job of its name has finished yet, or no worker runs. */
export async function jobEta(
  { stores, clock }: { readonly stores: Pick<Stores, 'jobs'>; readonly clock: Ports['clock'] },
  id: JobId,
): Promise<number | null> {
  const outlook = await stores.jobs.outlook(id, clock.now());
  return outlook === null || outlook.secondsPerUnit === null
    ? null
    : estimate(outlook, outlook.secondsPerUnit);
}

function estimate(outlook: QueueOutlook, perUnit: number): number | null {
  const { status, units, progress, elapsedSeconds, running, ahead, slots } = outlook;
  if (status === 'RUNNING') return secondsLeft(units * perUnit, progress, elapsedSeconds ?? 0);
  const left = running.map((job) => secondsLeft(job.units * perUnit, job.progress, job.elapsedSeconds));
  const waiting = { running: left, ahead: ahead.map((count) => count * perUnit), own: units * perUnit };
  return secondsUntilDone(waiting, slots);
}
