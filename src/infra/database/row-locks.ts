import type { ItemId, PersonId } from '../../domain/ids.js';
import type { Db } from './store-context.js';
import { uuids } from './uuids.js';

/**
 * Locks works until the transaction ends, in the order of their ids: statements that change several rows take them in the order of
 * their plan, which differs with the length of the list, so that two of them could wait for each other. The works come before their
 * items everywhere: a change of an item's visibility changes its work by trigger.
 */
export const holdWorks = (tx: Db, itemIds: readonly ItemId[]) =>
  tx.$executeRaw`
    SELECT FROM work WHERE item_id = ANY(${uuids(itemIds)}::uuid[]) ORDER BY item_id FOR NO KEY UPDATE`;

/** Whoever else holds this person waits for the transaction's end. */
export const holdPerson = (tx: Db, id: PersonId) =>
  tx.$executeRaw`SELECT FROM person WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
