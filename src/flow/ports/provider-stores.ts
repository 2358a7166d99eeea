import type { JobId, PersonId, ReferenceId } from '../../domain/ids.js';
import type { RunNews } from '../../domain/provider-run.js';
import type { ReferencePicture } from '../../domain/reference.js';

export interface ProviderRunStore {
  /** The newest run that was begun for this output of the job. */
  latest(jobId: JobId, index: number): Promise<{ readonly provider: string; readonly runId: string } | null>;
  /** Says whose run it is; a webhook may have told about it before. */
  begin(run: {
    readonly provider: string;
    readonly runId: string;
    readonly jobId: JobId;
    readonly index: number | null;
    readonly at: Date;
  }): Promise<void>;
  /** Keeps the later one of what is known and what is told. */
  tell(provider: string, runId: string, news: RunNews, at: Date): Promise<void>;
  news(
    provider: string,
    runId: string,
  ): Promise<{ readonly news: RunNews | null; readonly updatedAt: Date } | null>;
  /** Remembers a webhook; false when it came before. Those older than an hour are forgotten. */
  isNewDelivery(provider: string, deliveryId: string, at: Date): Promise<boolean>;
}

/** Money in millionths of a US dollar. */
export interface CostStore {
  /** Refused (with what is left) when the day's spending of the person would go over the budget. One person, one at a time. */
  reserve(cost: {
    readonly jobId: JobId;
    readonly personId: PersonId;
    readonly amount: number;
    readonly budget: number;
    readonly at: Date;
  }): Promise<{ readonly accepted: true } | { readonly accepted: false; readonly left: number }>;
  /** Adds to what the job has cost; never more than was reserved. */
  charge(jobId: JobId, amount: number): Promise<void>;
  byJobs(
    jobIds: readonly JobId[],
  ): Promise<Map<JobId, { readonly reserved: number; readonly charged: number }>>;
  /** Charged by finished jobs, and reserved by open ones, since the start of the day (UTC). */
  spent(personId: PersonId, at: Date): Promise<number>;
}

export interface ReferenceStore {
  create(reference: ReferencePicture): Promise<void>;
  byId(id: ReferenceId): Promise<ReferencePicture | null>;
  ofPerson(personId: PersonId): Promise<ReferencePicture[]>;
  /** False when they had come before, or the row is gone. */
  stored(
    id: ReferenceId,
    facts: { readonly width: number; readonly height: number; readonly aiMarked: boolean; readonly at: Date },
  ): Promise<boolean>;
  remove(id: ReferenceId): Promise<void>;
}
