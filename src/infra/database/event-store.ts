import type { CatalogueId, EventId, ItemId } from '../../domain/ids.js';
import type { FeedbackEvent } from '../../domain/event.js';
import type { AppendResult, EventStore } from '../../flow/ports/stores.js';
import type { Event as Row } from '../../generated/prisma/client.js';
import type { Db, StoreContext } from './store-context.js';
import { trainingLog } from './training-log.js';
import { uuids } from './uuids.js';
import { WANTED_EVENT } from './wanted-event.js';

const toEvent = (row: Row): FeedbackEvent => row as FeedbackEvent;

export function eventStore({ db, ids }: StoreContext): EventStore {
  return {
    appendAll: (events) =>
      append(
        db,
        events.map((event) => ({ ...event, id: ids.next() as EventId, undoneAt: null })),
      ),
    byIds: async (wanted) => (await db.event.findMany({ where: { id: { in: uuids(wanted) } } })).map(toEvent),
    async undo(personId, clientEventId, at) {
      const { count } = await db.event.updateMany({
        where: { personId, clientEventId, undoneAt: null },
        data: { undoneAt: at },
      });
      if (count > 0) return true;
      return (await db.event.count({ where: { personId, clientEventId } })) > 0;
    },
    trainingLog: (catalogueId: CatalogueId) => trainingLog(db, catalogueId),
    count: (catalogueId: CatalogueId) => db.event.count({ where: { item: { catalogueId }, undoneAt: null } }),
    wantedCounts: (catalogueId, from, to) => wantedCounts(db, catalogueId, { from, to }),
  };
}

async function append(db: Db, events: readonly FeedbackEvent[]): Promise<AppendResult> {
  if (events.length === 0) return { accepted: [], duplicates: 0 };
  const topic = wokenBy(events);
  // sorted by key, so that two batches with the same events wait for each other instead of deadlocking
  const stored = await db.$queryRaw<{ id: string }[]>`
    WITH stored AS (INSERT INTO event (id, client_event_id, person_id, item_id, type, value, request_id, position, at)
    SELECT id, "clientEventId", "personId", "itemId", type, value, "requestId", position, at
      FROM jsonb_to_recordset(${JSON.stringify(events)}::jsonb) AS x(
        id uuid, "clientEventId" text, "personId" uuid, "itemId" uuid, type text, value float8, "requestId" uuid,
        position int, at timestamptz)
     ORDER BY "clientEventId", id
    ON CONFLICT (client_event_id) DO NOTHING
    RETURNING id)
    SELECT id, CASE WHEN ${topic}::text IS NOT NULL THEN pg_notify('vitrine', ${topic}::text)::text END FROM stored`;
  const isStored = new Set(stored.map(({ id }) => id));
  const accepted = events.filter(({ id }) => isStored.has(id));
  return { accepted, duplicates: events.length - accepted.length };
}

/** Followers of one person's feed, once however many events; an import's batches, which hold many people, wake nobody. */
function wokenBy(events: readonly FeedbackEvent[]): string | null {
  const [personId, ...others] = new Set(events.map((event) => event.personId));
  return personId === undefined || others.length > 0 ? null : `person:${personId}`;
}

/** The events that people wanted, counted once per person. */
async function wantedCounts(
  db: Db,
  catalogueId: CatalogueId,
  { from, to }: { from: Date; to: Date },
): Promise<Map<ItemId, number>> {
  const rows = await db.$queryRaw<{ itemId: ItemId; people: number }[]>`
    SELECT e.item_id AS "itemId", count(DISTINCT e.person_id)::int AS people
      FROM event e JOIN item i ON i.id = e.item_id
     WHERE i.catalogue_id = ${catalogueId}::uuid AND e.at >= ${from} AND e.at < ${to} AND e.undone_at IS NULL
       AND ${WANTED_EVENT}
     GROUP BY e.item_id`;
  return new Map(rows.map(({ itemId, people }) => [itemId, people]));
}
