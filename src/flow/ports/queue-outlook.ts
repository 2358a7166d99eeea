import type { JobStatus } from '../../domain/job.js';

/** A job's size is counted in units: pictures asked for, or 1. */
export interface QueueOutlook {
  readonly status: JobStatus;
  readonly units: number;
  readonly progress: number;
  /** Since its last start; null while it waits. */
  readonly elapsedSeconds: number | null;
  /** Jobs of the same name that run, without this one. */
  readonly running: readonly {
    readonly units: number;
    readonly progress: number;
    readonly elapsedSeconds: number;
  }[];
  /** Units of each waiting job of the same name in front of it, in their order. */
  readonly ahead: readonly number[];
  /** How many jobs of its name run at once, on all workers that are alive. */
  readonly slots: number;
  /** Measured on the last finished jobs of its name; null before the first. */
  readonly secondsPerUnit: number | null;
}

export interface WorkerStore {
  /** Says that a worker is alive, and how many jobs of each name it takes at once. */
  seen(id: string, slots: Readonly<Record<string, number>>, at: Date): Promise<void>;
  gone(id: string): Promise<void>;
}
