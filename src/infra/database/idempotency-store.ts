import { DomainError } from '../../domain/errors.js';
import type { IdempotencyStore } from '../../flow/ports/stores.js';
import type { StoreContext } from './store-context.js';

/** A key is remembered for a day; later it may be used anew. */
const VALID_MS = 24 * 3_600_000;
/** A claim that its owner did not complete in this time was left behind by a crash. */
const ABANDONED_MS = 60_000;

export function idempotencyStore({ db }: StoreContext): IdempotencyStore {
  return {
    async claim({ personId, operation, key, argumentsHash, at }) {
      const expired = new Date(at.getTime() - VALID_MS);
      const abandoned = new Date(at.getTime() - ABANDONED_MS);
      // a claim of a transaction still open makes this one wait for its end
      const claimed = await db.$executeRaw`
        INSERT INTO idempotency AS i (person_id, operation, key, arguments_hash, at)
        VALUES (${personId}::uuid, ${operation}, ${key}, ${argumentsHash}, ${at})
        ON CONFLICT (person_id, operation, key)
        DO UPDATE SET arguments_hash = excluded.arguments_hash, at = excluded.at, reference = NULL
         WHERE i.at < ${expired} OR (i.reference IS NULL AND i.at < ${abandoned})`;
      if (claimed > 0) return { state: 'new' };
      const entry = await db.idempotency.findUnique({
        where: { personId_operation_key: { personId, operation, key } },
      });
      if (entry?.argumentsHash !== argumentsHash) throw keyReused(key, operation);
      if (entry.reference === null) throw stillRunning(key);
      return { state: 'replay', reference: entry.reference };
    },
    async complete(personId, operation, key, reference) {
      await db.idempotency.updateMany({ where: { personId, operation, key }, data: { reference } });
    },
  };
}

const keyReused = (key: string, operation: string): DomainError =>
  new DomainError('IDEMPOTENCY_KEY_REUSED', `key ${key} came before with other arguments for ${operation}`, {
    path: ['idempotencyKey'],
    constraint: 'a new key for a new request',
  });

const stillRunning = (key: string): DomainError =>
  new DomainError('CONFLICT', `the first request with key ${key} is still running`, { retryable: true });
