import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Clock, Ids } from '../../flow/ports.js';
import type { JobQueue, Stores, Transaction } from '../../flow/ports/stores.js';
import { PrismaClient } from '../../generated/prisma/client.js';
import { answerStore } from './answer-store.js';
import { catalogueStore } from './catalogue-store.js';
import { collectionStore } from './collection-store.js';
import { deletionStore } from './deletion-store.js';
import { costStore } from './cost-store.js';
import { eventStore } from './event-store.js';
import { favouriteStore } from './favourite-store.js';
import { galleryLog } from './gallery-log.js';
import { galleryStore } from './gallery-store.js';
import { idempotencyStore } from './idempotency-store.js';
import { importStore } from './import-store.js';
import { itemStore } from './item-store.js';
import { jobStore } from './job-store.js';
import { lookStore } from './look-store.js';
import { mediaStore } from './media-store.js';
import { modelStore } from './model-store.js';
import { personStore } from './person-store.js';
import { profileStore } from './profile-store.js';
import { ratingStore } from './rating-store.js';
import { providerRunStore } from './provider-run-store.js';
import { referenceStore } from './reference-store.js';
import { shadowStore } from './shadow-store.js';
import { stackStore } from './stack-store.js';
import type { Db, StoreContext } from './store-context.js';
import { tagStore } from './tag-store.js';
import { traitStore } from './trait-store.js';
import { webhookStore } from './webhook-store.js';
import { workStore } from './work-store.js';
import { workerStore } from './worker-store.js';

/** Sends over the connection it is given: inside a transaction, row and message commit together. */
export interface TransactionalQueue {
  send(...message: [...Parameters<JobQueue['send']>, Db]): Promise<void>;
}

export interface DatabaseOptions {
  readonly connectionString: string;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly queue: TransactionalQueue;
  readonly poolSize?: number;
  /** Called for each SQL statement sent, to count them. */
  readonly onStatement?: (sql: string) => void;
}

export interface Database {
  readonly stores: Stores;
  readonly transaction: Transaction;
  close(): Promise<void>;
}

/** A batch of an import may take seconds on a busy disk; longer than this is a hang. */
const TRANSACTION_TIMEOUT_MS = 60_000;
/** How long a transaction waits for a free connection. */
const MAX_WAIT_MS = 15_000;

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.poolSize ?? 10,
    application_name: 'vitrine',
  });
  // an idle connection that breaks is replaced at the next use, which reports what is wrong
  pool.on('error', () => undefined);
  const prisma = new PrismaClient({
    adapter: new PrismaPg(pool, { disposeExternalPool: true }),
    log: [{ emit: 'event', level: 'query' }],
    transactionOptions: { timeout: TRANSACTION_TIMEOUT_MS, maxWait: MAX_WAIT_MS },
  });
  const { onStatement } = options;
  if (onStatement !== undefined) prisma.$on('query', ({ query }) => onStatement(query));
  const contextOf = (db: Db, together: StoreContext['together']): StoreContext => ({
    ...{ db, together, ids: options.ids, clock: options.clock },
  });
  const transaction: Transaction = (work) =>
    prisma.$transaction((db) =>
      work(
        storesOn(
          contextOf(db, (inner) => inner(db)),
          options.queue,
        ),
      ),
    );
  return {
    stores: storesOn(
      contextOf(prisma, (work) => prisma.$transaction(work)),
      options.queue,
    ),
    transaction,
    close: () => prisma.$disconnect(),
  };
}

function storesOn(context: StoreContext, queue: TransactionalQueue): Stores {
  return {
    catalogues: catalogueStore(context),
    items: itemStore(context),
    people: personStore(context),
    events: eventStore(context),
    profiles: profileStore(context),
    answers: answerStore(context),
    media: mediaStore(context),
    works: workStore(context),
    favourites: favouriteStore(context),
    jobs: jobStore(context),
    workers: workerStore(context),
    queue: { send: (name, jobId) => queue.send(name, jobId, context.db) },
    idempotency: idempotencyStore(context),
    models: modelStore(context),
    shadows: shadowStore(context),
    imports: importStore(context),
    galleryLog: galleryLog(context),
    gallery: galleryStore(context),
    stacks: stackStore(context),
    ratings: ratingStore(context),
    tags: tagStore(context),
    looks: lookStore(context),
    traits: traitStore(context),
    collections: collectionStore(context),
    deletions: deletionStore(context),
    providerRuns: providerRunStore(context),
    costs: costStore(context),
    references: referenceStore(context),
    webhooks: webhookStore(context),
  };
}
