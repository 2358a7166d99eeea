import type { ErrorCode } from './errors.js';
import type { ItemId, JobId, MediaHash, PersonId } from './ids.js';

export const JOB_STATUSES = [
  'QUEUED',
  'RUNNING',
  'SUCCEEDED',
  'PARTIALLY_SUCCEEDED',
  'FAILED',
  'CANCELED',
  'EXPIRED',
] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** A unit of background work as people see it; how it is queued is the queue's business. */
export interface Job {
  readonly id: JobId;
  readonly name: string;
  readonly personId: PersonId | null;
  readonly status: JobStatus;
  /** 0..1. */
  readonly progress: number;
  readonly stage: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Grows with every start; writes that carry an older number come from a worker presumed dead and are refused. */
  readonly fence: number;
  readonly payload: unknown;
  /** Small facts of the outcome, e.g. rows read, or the id of the registered model. */
  readonly result: Readonly<Record<string, unknown>> | null;
  readonly failure: JobFailure | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly deadline: Date | null;
}

export interface JobFailure {
  readonly code: ErrorCode | 'INTERNAL';
  readonly message: string;
  readonly retryable: boolean;
  readonly provider: string | null;
}

/** One line of a job's event log. The log is the truth that subscriptions replay; `seq` is the cursor. */
export type JobEvent = { readonly seq: bigint; readonly jobId: JobId; readonly at: Date } & JobEventBody;

export type JobEventBody =
  | { readonly kind: 'QUEUED'; readonly queuePosition: number; readonly etaSeconds: number | null }
  | { readonly kind: 'STARTED'; readonly attempt: number }
  | {
      readonly kind: 'PROGRESSED';
      readonly progress: number;
      readonly stage: string;
      readonly previewHash: MediaHash | null;
    }
  | { readonly kind: 'OUTPUT_READY'; readonly index: number; readonly itemId: ItemId }
  | { readonly kind: 'FINISHED'; readonly status: JobStatus };

export function isFinished(status: JobStatus): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}
