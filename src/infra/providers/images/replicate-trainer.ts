import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DomainError } from '../../../domain/errors.js';
import type { PictureTrainer, TrainedPictureModel } from '../../../flow/ports/picture-trainer.js';
import {
  askedRun,
  isFinal,
  progressOf,
  replicateClient,
  unsuccessful,
  type ReplicateAccount,
  type ReplicateRun,
} from './replicate-client.js';

interface TrainerSettings extends ReplicateAccount {
  /** A training takes an hour: there is no hurry. */
  readonly pollMs?: number;
}

const POLL_MS = 10_000;
const CANCEL_TIMEOUT_MS = 10_000;
const TRAINER = /^([\w.-]+)\/([\w.-]+):([0-9a-f]{64})$/;
const DESTINATION = /^[\w.-]+\/[\w.-]+$/;

/** Trainings at Replicate: begun once, followed by asking, canceled on request. */
export function createReplicateTrainer({ pollMs = POLL_MS, ...account }: TrainerSettings): PictureTrainer {
  const client = replicateClient(account);
  return {
    name: 'replicate',
    async begin({ trainer, destination, input }, signal) {
      const [, owner = '', name = '', version = ''] = TRAINER.exec(trainer) ?? [];
      if (version === '' || !DESTINATION.test(destination))
        throw new DomainError(
          'INVALID_INPUT',
          `trainer as owner/name:version and destination as owner/name were wanted, "${trainer}" and "${destination}" came`,
          { path: ['input', version === '' ? 'trainer' : 'destination'] },
        );
      const asked = { destination: destination as `${string}/${string}`, input };
      // no signal: a request under way may have arrived, and its run must be known to be canceled
      signal.throwIfAborted();
      const begun = await askedRun(client.trainings.create(owner, name, version, asked), NEVER);
      return { runId: begun.id };
    },
    async follow(runId, signal, onProgress) {
      for (;;) {
        const run = await askedRun(client.trainings.get(runId, { signal }), signal);
        if (isFinal(run)) return trained(run);
        onProgress(progressOf(run), run.status === 'starting' ? 'waiting for a machine' : 'training');
        await sleep(pollMs, undefined, { signal });
      }
    },
    async cancel(runId) {
      await client.trainings.cancel(runId, { signal: AbortSignal.timeout(CANCEL_TIMEOUT_MS) });
    },
  };
}

const NEVER = new AbortController().signal;

function trained(run: ReplicateRun): TrainedPictureModel {
  if (run.status !== 'succeeded') throw unsuccessful(run);
  const output = z.object({ version: z.string() }).safeParse(run.output);
  return {
    version: output.success ? output.data.version : null,
    seconds: run.metrics?.predict_time ?? null,
  };
}
