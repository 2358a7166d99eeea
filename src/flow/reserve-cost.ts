import { DomainError } from '../domain/errors.js';
import type { PersonId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';

/** Sets money aside for a job, in its own transaction: QUOTA_EXCEEDED, with what is left, takes the job back too. */
export async function reserveCost(
  tx: Stores,
  { clock, pictureBudget: budget }: Pick<Ports, 'clock' | 'pictureBudget'>,
  { job, personId, amount }: { readonly job: Job; readonly personId: PersonId; readonly amount: number },
): Promise<void> {
  if (amount === 0) return;
  const reserved = await tx.costs.reserve({ jobId: job.id, personId, amount, budget, at: clock.now() });
  if (reserved.accepted) return;
  throw new DomainError(
    'QUOTA_EXCEEDED',
    `these pictures may cost ${dollars(amount)}, ${dollars(reserved.left)} of ${dollars(budget)} a day is left; ask for fewer or tomorrow (UTC)`,
    { constraint: `<= ${dollars(reserved.left)}` },
  );
}

/** Shortest exact text: 0.003 USD. */
function dollars(millionths: number): string {
  return `${millionths / 1_000_000} USD`;
}
