import { DomainError } from '../domain/errors.js';
import type { ReferenceId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

const OPERATION = 'deleteReferencePicture';

/** Takes a reference picture away, bytes first: after a crash in between the row is there to be deleted again. */
export async function deleteReference(
  { transaction, clock, references }: Pick<Ports, 'transaction' | 'clock' | 'references'>,
  viewer: Person,
  { id, key }: { readonly id: ReferenceId; readonly key: string },
): Promise<{ readonly replayed: boolean }> {
  return transaction(async (tx) => {
    const claim = { personId: viewer.id, operation: OPERATION, key, argumentsHash: id, at: clock.now() };
    if ((await tx.idempotency.claim(claim)).state === 'replay') return { replayed: true };
    const row = await tx.references.byId(id);
    if (row?.personId !== viewer.id)
      throw new DomainError('NOT_FOUND', 'no reference picture of yours has this id', { path: ['id'] });
    await references.delete(id);
    await tx.references.remove(id);
    await tx.idempotency.complete(viewer.id, OPERATION, key, id);
    return { replayed: false };
  });
}
