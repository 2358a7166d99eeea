import type { JobId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import { canonicalArguments } from './canonical-arguments.js';
import { createJob } from './create-job.js';
import type { JobPayloads } from './jobs.js';
import type { Ports } from './ports.js';
import { assertSelection } from './selected-works.js';

export type WorksJob = 'tag-works' | 'delete-works' | 'export-works';

/** Asks a worker to label, delete or export many works of one person, once per idempotency key. */
export async function startWorksJob<N extends WorksJob>(
  ports: Pick<Ports, 'transaction' | 'clock' | 'ids'>,
  { viewer, idempotencyKey: key }: { readonly viewer: Person; readonly idempotencyKey: string },
  name: N,
  payload: JobPayloads[N],
): Promise<{ readonly job: Job; readonly replayed: boolean }> {
  assertSelection(payload);
  return ports.transaction(async (tx) => {
    const at = ports.clock.now();
    const argumentsHash = canonicalArguments(payload);
    const claim = await tx.idempotency.claim({
      personId: viewer.id,
      operation: name,
      key,
      argumentsHash,
      at,
    });
    const replayed = claim.state === 'replay' ? await tx.jobs.byId(claim.reference as JobId) : null;
    if (replayed !== null) return { job: replayed, replayed: true };
    const job = await createJob(tx, ports, { name, personId: viewer.id, payload, deadline: null });
    await tx.idempotency.complete(viewer.id, name, key, job.id);
    return { job, replayed: false };
  });
}
