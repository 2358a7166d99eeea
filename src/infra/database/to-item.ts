import type { Item } from '../../domain/item.js';
import type { Item as Row } from '../../generated/prisma/client.js';

/** The only writer of these rows is the item store, so the casts hold. */
export function toItem(row: Row): Item {
  return row as unknown as Item;
}
