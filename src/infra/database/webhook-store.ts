import type { WebhookDelivery, WebhookEndpoint } from '../../domain/webhook.js';
import type { WebhookClaim, WebhookStore } from '../../flow/ports/webhook-ports.js';
import { Prisma, type WebhookEndpoint as EndpointRow } from '../../generated/prisma/client.js';
import type { Db, StoreContext } from './store-context.js';
import { isUuid } from './uuids.js';

/** The only writer of these rows is this store, so the casts hold. */
const toEndpoint = (row: EndpointRow): WebhookEndpoint => row as unknown as WebhookEndpoint;

const withEvent = { event: { include: { job: { select: { name: true } } } } } as const;
type DeliveryRow = Prisma.OutgoingDeliveryGetPayload<{ include: typeof withEvent }>;

function toDelivery({ event, ...row }: DeliveryRow): WebhookDelivery {
  const news = event && { ...event, jobName: event.job.name };
  return { ...row, news } as unknown as WebhookDelivery;
}

export function webhookStore({ db, together }: StoreContext): WebhookStore {
  return {
    async create({ events, ...endpoint }) {
      await db.webhookEndpoint.create({ data: { ...endpoint, events: [...events] } });
    },
    async byId(id) {
      const row = isUuid(id) ? await db.webhookEndpoint.findUnique({ where: { id } }) : null;
      return row && toEndpoint(row);
    },
    ofPerson: async (personId) =>
      (await db.webhookEndpoint.findMany({ where: { personId }, orderBy: { createdAt: 'desc' } })).map(
        toEndpoint,
      ),
    async remove(id) {
      await db.webhookEndpoint.deleteMany({ where: { id } });
    },
    async rotate(id, secret, previousUntil) {
      await db.$executeRaw`
        UPDATE webhook_endpoint SET previous_secret = secret, previous_until = ${previousUntil}, secret = ${secret}
         WHERE id = ${id}::uuid`;
    },
    switchTo: (id, isOn, offReason) =>
      together(async (tx) => {
        await tx.webhookEndpoint.updateMany({ where: { id }, data: { isOn, offReason, failingSince: null } });
        if (isOn) return;
        await tx.outgoingDelivery.updateMany({
          where: { endpointId: id, state: 'WAITING' },
          data: { state: 'FAILED', nextAt: null, lastError: 'the endpoint was switched off' },
        });
      }),
    async addTest(id, endpointId, at) {
      await db.outgoingDelivery.create({
        data: { id, endpointId, state: 'WAITING', nextAt: at, createdAt: at },
      });
    },
    async replay(id, at) {
      const fresh = { state: 'WAITING', attempts: 0, nextAt: at, deliveredAt: null };
      await db.outgoingDelivery.updateMany({ where: { id }, data: fresh });
      await db.$executeRaw`SELECT pg_notify('vitrine', 'webhooks')`;
    },
    ...trying(db),
    ...endings(together),
    async forget(before) {
      await db.$executeRaw`
        DELETE FROM outgoing_delivery WHERE id IN (
          SELECT id FROM outgoing_delivery WHERE next_at IS NULL AND created_at < ${before} FOR UPDATE SKIP LOCKED)`;
    },
  };
}

function endings(together: StoreContext['together']): Pick<WebhookStore, 'delivered' | 'failed'> {
  return {
    delivered: (delivery, status, at) =>
      together(async (tx) => {
        const ended = {
          state: 'DELIVERED',
          nextAt: null,
          lastStatus: status,
          lastError: null,
          deliveredAt: at,
        };
        await holdEndpoint(tx, delivery);
        const { count } = await tx.outgoingDelivery.updateMany({ where: thisTry(delivery), data: ended });
        if (count === 0) return;
        await tx.webhookEndpoint.updateMany({
          where: { id: delivery.endpointId },
          data: { failingSince: null },
        });
      }),
    failed: (delivery, { status, error, nextAt }, at) =>
      together(async (tx) => {
        const state = nextAt === null ? 'FAILED' : 'WAITING';
        const news = { state, nextAt, lastStatus: status, lastError: error };
        await holdEndpoint(tx, delivery);
        const { count } = await tx.outgoingDelivery.updateMany({ where: thisTry(delivery), data: news });
        if (count === 0) return null;
        const [endpoint] = await tx.$queryRaw<{ since: Date }[]>`
          UPDATE webhook_endpoint SET failing_since = coalesce(failing_since, ${at}) WHERE id = ${delivery.endpointId}::uuid
          RETURNING failing_since AS since`;
        return endpoint?.since ?? null;
      }),
  };
}

/**
 * Locks the endpoint of a delivery until the transaction ends. Whoever changes both takes the endpoint first: an ending that held its
 * delivery and waited for the endpoint, and a switching-off that held the endpoint and waited for its deliveries, were a deadlock.
 */
const holdEndpoint = (tx: Db, { endpointId }: WebhookDelivery) =>
  tx.$queryRaw`SELECT 1 FROM webhook_endpoint WHERE id = ${endpointId}::uuid FOR NO KEY UPDATE`;

/** The number of the try is its fence: a worker that was thought dead and comes back changes nothing. */
const thisTry = ({ id, attempts }: WebhookDelivery) => ({ id, attempts, state: 'WAITING' });

function trying(db: Db): Pick<WebhookStore, 'delivery' | 'deliveries' | 'claim' | 'nextAt'> {
  return {
    async delivery(id) {
      const row = isUuid(id)
        ? await db.outgoingDelivery.findUnique({ where: { id }, include: withEvent })
        : null;
      return row && toDelivery(row);
    },
    deliveries: async (endpointId, first) =>
      (
        await db.outgoingDelivery.findMany({
          where: { endpointId },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: first,
          include: withEvent,
        })
      ).map(toDelivery),
    async claim(now, leaseMs, limit) {
      const due = await claimDue(db, { now, until: new Date(now.getTime() + leaseMs), limit });
      if (due.length === 0) return [];
      const rows = await db.outgoingDelivery.findMany({
        where: { id: { in: due.map(({ id }) => id) } },
        include: { ...withEvent, endpoint: true },
      });
      return rows.map(({ endpoint, ...row }): WebhookClaim => ({
        delivery: toDelivery(row),
        endpoint: toEndpoint(endpoint),
      }));
    },
    async nextAt() {
      const row = await db.outgoingDelivery.findFirst({
        where: { nextAt: { not: null } },
        orderBy: { nextAt: 'asc' },
        select: { nextAt: true },
      });
      return row?.nextAt ?? null;
    },
  };
}

const claimDue = (db: Db, { now, until, limit }: { now: Date; until: Date; limit: number }) =>
  db.$queryRaw<{ id: string }[]>(Prisma.sql`
    UPDATE outgoing_delivery SET attempts = attempts + 1, next_at = ${until}
     WHERE id IN (SELECT id FROM outgoing_delivery WHERE next_at <= ${now} ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id`);
