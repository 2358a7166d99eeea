import type { Reading } from './client.js';
import type { Site } from './open-site.js';
import { ids } from './secret.js';

/** What one reader saw of a job. */
export interface Read extends Reading {
  /** As the API names it. */
  readonly jobId: string;
}

/** Compares what each reader received with the log: nothing lost, nothing twice, all in order. */
export async function auditEvents(
  query: Site['query'],
  reads: readonly Read[],
): Promise<Record<string, number>> {
  const rows = await query<{ jobId: string; seq: string }>(
    'SELECT job_id AS "jobId", seq::text AS seq FROM job_event ORDER BY seq',
  );
  const logs = new Map<string, string[]>();
  for (const { jobId, seq } of rows) logs.set(jobId, [...(logs.get(jobId) ?? []), seq]);
  const sums = {
    ...{ events: rows.length, brokenSockets: 0 },
    ...{ lostEvents: 0, repeatedEvents: 0, disorderedEvents: 0 },
  };
  for (const { jobId, received, brokenSockets } of reads) {
    sums.brokenSockets += brokenSockets;
    const seen = received.map(({ cursor }) => BigInt(ids.open('JobCursor', cursor).split('|')[1] ?? ''));
    const unique = new Set(seen.map(String));
    const log = logs.get(ids.open('Job', jobId)) ?? [];
    sums.lostEvents += log.filter((seq) => !unique.has(seq)).length;
    sums.repeatedEvents += seen.length - unique.size;
    sums.disorderedEvents += seen.filter((seq, i) => i > 0 && seq < (seen[i - 1] ?? 0n)).length;
  }
  return sums;
}
