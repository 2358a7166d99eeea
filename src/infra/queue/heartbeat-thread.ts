import { parentPort, Worker, workerData } from 'node:worker_threads';
import pg from 'pg';
import { HEARTBEAT_REFRESH_SECONDS } from './job-queues.js';

/** A message in hand: its queue, its id, and which delivery of it. */
interface Claim {
  readonly queue: string;
  readonly id: string;
  readonly retryCount: number;
}
type Order = { readonly hold: Claim } | { readonly release: string };

export interface Heartbeat {
  /** `onLost` is called when the queue has taken the message back meanwhile. */
  hold(claim: Claim, onLost: () => void): void;
  release(id: string): void;
  stop(): Promise<void>;
}

/**
 * Says for the messages in hand that their worker lives, with one statement for all, from a thread of its own: a handler that
 * computes for a minute without a pause would be silent, and its job would be given to somebody else while it runs.
 */
export function startHeartbeat(connectionString: string): Heartbeat {
  const held = new Map<string, { readonly claim: Claim; readonly onLost: () => void }>();
  let isStopped = false;
  let thread = start();
  function start(): Worker {
    const started = new Worker(new URL(import.meta.url), { workerData: { beatsFor: connectionString } });
    started.on('message', (lost: readonly string[]) => lost.forEach((id) => held.get(id)?.onLost()));
    started.on('error', () => undefined); // 'exit' follows
    started.on('exit', () => {
      if (!isStopped) thread = start();
    });
    started.unref();
    started.postMessage([...held.values()].map(({ claim }) => ({ hold: claim })) satisfies Order[]);
    return started;
  }
  // one post a turn: for short jobs the posts cost more than the rest of the queue; handlers start a round trip later
  const orders: Order[] = [];
  const say = (order: Order): void => {
    if (orders.length === 0) setImmediate(() => thread.postMessage(orders.splice(0)));
    orders.push(order);
  };
  return {
    hold(claim, onLost) {
      held.set(claim.id, { claim, onLost });
      say({ hold: claim });
    },
    release(id) {
      held.delete(id);
      say({ release: id });
    },
    async stop() {
      isStopped = true;
      await thread.terminate();
    },
  };
}

/** The queue's `touch`, which lets only the delivery in hand say so. */
const TOUCH = `UPDATE pgboss.job SET heartbeat_on = now() FROM jsonb_to_recordset($1::jsonb)
    AS claim(queue text, id uuid, "retryCount" int)
  WHERE job.name = claim.queue AND job.id = claim.id AND job.retry_count = claim."retryCount" AND job.state = 'active'
  RETURNING job.id`;

function beat(connectionString: string): void {
  const claims = new Map<string, Claim>();
  parentPort?.on('message', (orders: readonly Order[]) => {
    for (const order of orders)
      if ('hold' in order) claims.set(order.hold.id, order.hold);
      else claims.delete(order.release);
  });
  const pool = new pg.Pool({ connectionString, max: 1, application_name: 'vitrine heartbeat' });
  pool.on('error', () => undefined); // the next beat connects anew
  setInterval(() => {
    if (claims.size === 0) return;
    touch(pool, [...claims.values()]).catch(() => undefined); // says nothing about the claims
  }, HEARTBEAT_REFRESH_SECONDS * 1_000);
}

async function touch(pool: pg.Pool, claims: readonly Claim[]): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(TOUCH, [JSON.stringify(claims)]);
  const ours = new Set(rows.map(({ id }) => id));
  const lost = claims.map(({ id }) => id).filter((id) => !ours.has(id));
  if (lost.length > 0) parentPort?.postMessage(lost);
}

const { beatsFor } = (workerData ?? {}) as { readonly beatsFor?: string };
if (beatsFor !== undefined) beat(beatsFor);
