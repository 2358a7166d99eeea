import { DomainError } from '../domain/errors.js';
import type { Job } from '../domain/job.js';
import { isFinished } from '../domain/job.js';
import type { JobHandler } from './job-handler.js';
import type { Ports } from './ports.js';
import type { PictureTrainer } from './ports/picture-trainer.js';

/**
 * Has a picture model trained by a provider. The training goes on while workers come and go: the next attempt follows the run
 * that an earlier one began. Only a cancel or the deadline of the job stops it at the provider.
 */
export const trainPictures: JobHandler<'train-pictures'> = async (ports, job, { signal, report }) => {
  const trainer = requireTrainer(ports);
  const runId = await runOf(ports, trainer, { job, signal });
  try {
    const { version, seconds } = await trainer.follow(runId, signal, report);
    return { status: 'SUCCEEDED', result: { pictureModel: version, runId, seconds } };
  } catch (error) {
    if (signal.aborted && (await isOver(ports, job))) await trainer.cancel(runId);
    throw error;
  }
};

export function requireTrainer({ pictureTrainer }: Pick<Ports, 'pictureTrainer'>): PictureTrainer {
  if (pictureTrainer !== null) return pictureTrainer;
  throw new DomainError(
    'INVALID_INPUT',
    'kind: TRAIN_PICTURES needs a provider that trains; set VITRINE_IMAGE_PROVIDER=replicate,local and REPLICATE_API_TOKEN (docs/pictures/providers.md)',
    { path: ['input', 'kind'] },
  );
}

type TrainJob = Parameters<typeof trainPictures>[1];

/** The run of an earlier attempt, or a new one that the next attempt will find. */
async function runOf(
  { stores, clock }: Ports,
  trainer: PictureTrainer,
  { job, signal }: { readonly job: TrainJob; readonly signal: AbortSignal },
): Promise<string> {
  const earlier = await stores.providerRuns.latest(job.id, 0);
  if (earlier !== null) return earlier.runId;
  const { runId } = await trainer.begin(job.payload, signal);
  await stores.providerRuns.begin({
    ...{ provider: trainer.name, runId, jobId: job.id, index: 0, at: clock.now() },
  });
  return runId;
}

/** Whether the job ended, or is about to: an attempt that was only handed back goes on elsewhere. */
async function isOver({ stores, clock }: Ports, { id, deadline }: Job): Promise<boolean> {
  const row = await stores.jobs.byId(id);
  return row === null || isFinished(row.status) || (deadline !== null && deadline <= clock.now());
}
