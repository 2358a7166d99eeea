import type { MediaHash } from '../domain/ids.js';
import type { Job, JobStatus } from '../domain/job.js';
import type { JobName, JobPayloads } from './jobs.js';
import type { Ports } from './ports.js';

/** What a running job may do beside its ports. */
export interface JobContext {
  /** Aborts on cancel, deadline, time-out and shutdown. */
  readonly signal: AbortSignal;
  /** The number that this attempt's writes carry; see Job.fence. */
  readonly fence: number;
  /** Writes to the job's event log; throttled by the runner, so call it as often as there is news. */
  readonly report: (progress: number, stage: string, preview?: MediaHash) => void;
  /** Waits, ms, for something of ours that is down: that time does not count against the attempt's limit. Rejects when `signal` aborts. */
  readonly pause: (ms: number) => Promise<void>;
}

export interface JobOutcome {
  readonly status: Extract<JobStatus, 'SUCCEEDED' | 'PARTIALLY_SUCCEEDED' | 'FAILED'>;
  readonly result?: Job['result'];
}

/** Runs at least once: every handler finds what an earlier attempt left and goes on from there. */
export type JobHandler<N extends JobName> = (
  ports: Ports,
  job: Job & { readonly payload: JobPayloads[N] },
  context: JobContext,
) => Promise<JobOutcome>;
