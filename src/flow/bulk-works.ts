import type { JobHandler } from './job-handler.js';
import type { Ports } from './ports.js';
import type { ItemId, PersonId } from '../domain/ids.js';
import { selectedIds } from './selected-works.js';

const BATCH = 100;

/** Labels many own works. Safe to repeat. */
export const tagWorksJob: JobHandler<'tag-works'> = async ({ stores }, { payload }, context) => {
  const { personId, ids } = await selectedIds(stores, payload);
  let done = 0;
  for (const batch of batchesOf(ids)) {
    context.signal.throwIfAborted();
    done += await stores.tags.change(personId, batch, payload);
    context.report(done / Math.max(1, ids.length), 'labelling');
  }
  return { status: 'SUCCEEDED', result: { rowsRead: ids.length, rowsAccepted: done } };
};

/** Deletes many own works: hidden at once, removed after the time of grace. Safe to repeat: what is hidden is not selected again. */
export const deleteWorksJob: JobHandler<'delete-works'> = async (ports, { payload }, context) => {
  const { personId, ids } = await selectedIds(ports.stores, payload);
  let done = 0;
  for (const batch of batchesOf(ids)) {
    context.signal.throwIfAborted();
    done += await hideWorks(ports, personId, batch);
    context.report(done / Math.max(1, ids.length), 'deleting');
  }
  return { status: 'SUCCEEDED', result: { rowsRead: ids.length, rowsAccepted: done } };
};

/** Hides own works and tells whoever saw them, together. */
async function hideWorks(
  { transaction, clock }: Pick<Ports, 'transaction' | 'clock'>,
  personId: PersonId,
  itemIds: readonly ItemId[],
): Promise<number> {
  const at = clock.now();
  return transaction(async (tx) => {
    const hidden = await tx.deletions.hide(personId, itemIds, at);
    for (const { itemId, was } of hidden)
      await tx.galleryLog.append({
        kind: 'REMOVED',
        itemId,
        ownerId: personId,
        visibility: 'HIDDEN',
        was,
        at,
      });
    return hidden.length;
  });
}

function batchesOf(ids: readonly ItemId[]): ItemId[][] {
  const starts = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, i) => i * BATCH);
  return starts.map((from) => ids.slice(from, from + BATCH));
}
