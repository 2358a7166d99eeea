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
  hold(claim: Claim): void;
  release(id: string): void;
  stop(): Promise<void>;
}

/**
 * Says for the messages in hand that their worker lives, from a thread of its own: a handler that computes for a minute
 * without a pause would silence the queue's own heartbeat, and its job would be given to somebody else while it runs.
 */
export function startHeartbeat(connectionString: string): Heartbeat {
  const thread = new Worker(new URL(import.meta.url), { workerData: { beatsFor: connectionString } });
  thread.on('error', () => undefined); // the queue's own heartbeat goes on
  thread.unref();
  const order = (message: Order): void => thread.postMessage(message);
  return {
    hold: (claim) => order({ hold: claim }),
    release: (id) => order({ release: id }),
    stop: async () => {
      await thread.terminate();
    },
  };
}

/** The queue's `touch`, which lets only the delivery in hand say so. */
const TOUCH = `UPDATE pgboss.job SET heartbeat_on = now() FROM jsonb_to_recordset($1::jsonb)
    AS claim(queue text, id uuid, "retryCount" int)
  WHERE job.name = claim.queue AND job.id = claim.id AND job.retry_count = claim."retryCount" AND job.state = 'active'`;

function beat(connectionString: string): void {
  const claims = new Map<string, Claim>();
  parentPort?.on('message', (order: Order) => {
    if ('hold' in order) claims.set(order.hold.id, order.hold);
    else claims.delete(order.release);
  });
  const pool = new pg.Pool({ connectionString, max: 1, application_name: 'vitrine heartbeat' });
  pool.on('error', () => undefined); // the next beat connects anew
  setInterval(() => {
    if (claims.size === 0) return;
    pool.query(TOUCH, [JSON.stringify([...claims.values()])]).catch(() => undefined);
  }, HEARTBEAT_REFRESH_SECONDS * 1_000);
}

const { beatsFor } = (workerData ?? {}) as { readonly beatsFor?: string };
if (beatsFor !== undefined) beat(beatsFor);
