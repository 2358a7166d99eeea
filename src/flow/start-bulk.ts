import { DomainError } from '../domain/errors.js';
import type { CatalogueId, JobId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import { canonicalArguments } from './canonical-arguments.js';
import { createJob } from './create-job.js';
import type { JobName, JobPayloads } from './jobs.js';
import type { WorksJob } from './start-works-job.js';
import type { Ports } from './ports.js';
import { requireTrainer } from './train-pictures.js';

type BulkPorts = Pick<Ports, 'transaction' | 'clock' | 'ids'>;
type Started = { readonly job: Job; readonly replayed: boolean };

/** Asks a worker to import a data set from a folder or file that the worker's machine can read. */
export function startImport(
  ports: BulkPorts,
  {
    operator,
    idempotencyKey,
    format,
    path,
  }: { operator: Person; idempotencyKey: string; format: string; path: string },
): Promise<Started> {
  if (path.trim() === '')
    throw new DomainError('INVALID_INPUT', 'path: a folder or file was wanted, none came', {
      path: ['input', 'path'],
    });
  return startBulk(ports, { operator, idempotencyKey }, 'import-catalogue', { format, path });
}

/** Asks a worker to train (or only to evaluate) the ranker of a catalogue. */
export function startTraining(
  ports: BulkPorts,
  {
    operator,
    idempotencyKey,
    ...rest
  }: { operator: Person; idempotencyKey: string } & JobPayloads['train-ranker'],
  name: 'train-ranker' | 'evaluate-ranker' = 'train-ranker',
): Promise<Started> {
  return startBulk(ports, { operator, idempotencyKey }, name, rest);
}

/** Asks a worker to refresh the codes of a catalogue's live ranker. */
export function startRefresh(
  ports: BulkPorts,
  {
    operator,
    idempotencyKey,
    ...rest
  }: { operator: Person; idempotencyKey: string } & JobPayloads['refresh-codes'],
): Promise<Started> {
  return startBulk(ports, { operator, idempotencyKey }, 'refresh-codes', rest);
}

/** Asks a worker to have a picture model trained by the provider. */
export function startPictureTraining(
  ports: BulkPorts & Pick<Ports, 'pictureTrainer'>,
  {
    operator,
    idempotencyKey,
    ...training
  }: { operator: Person; idempotencyKey: string } & JobPayloads['train-pictures'],
): Promise<Started> {
  requireTrainer(ports);
  return startBulk(ports, { operator, idempotencyKey }, 'train-pictures', training);
}

function startBulk<N extends Exclude<JobName, 'generate-pictures' | WorksJob>>(
  ports: BulkPorts,
  { operator, idempotencyKey: key }: { operator: Person; idempotencyKey: string },
  name: N,
  payload: JobPayloads[N],
): Promise<Started> {
  return ports.transaction(async (tx) => {
    const catalogueId = (payload as { catalogueId?: CatalogueId }).catalogueId;
    if (catalogueId !== undefined && (await tx.catalogues.byIds([catalogueId])).length === 0)
      throw new DomainError('NOT_FOUND', 'no catalogue has this id', { path: ['input', 'catalogueId'] });
    const claim = await tx.idempotency.claim({
      personId: operator.id,
      operation: name,
      key,
      argumentsHash: canonicalArguments(payload),
      at: ports.clock.now(),
    });
    const replayed = claim.state === 'replay' ? await tx.jobs.byId(claim.reference as JobId) : null;
    if (replayed !== null) return { job: replayed, replayed: true };
    const job = await createJob(tx, ports, { name, personId: operator.id, payload, deadline: null });
    await tx.idempotency.complete(operator.id, name, key, job.id);
    return { job, replayed: false };
  });
}
