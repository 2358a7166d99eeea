import type { Clock, Ids } from '../../flow/ports.js';
import type { Prisma } from '../../generated/prisma/client.js';

/** The connection pool, or one transaction: the stores do not know which. */
export type Db = Prisma.TransactionClient;

/** What every store is made from. */
export interface StoreContext {
  readonly db: Db;
  readonly ids: Ids;
  readonly clock: Clock;
  /** Runs several statements together; inside a transaction it is that transaction. */
  readonly together: <T>(work: (db: Db) => Promise<T>) => Promise<T>;
}
