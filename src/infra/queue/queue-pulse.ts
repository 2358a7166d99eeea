import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../../flow/ports.js';

const EVERY_MS = 3_000;
const AT_LEAST_MS = 100;
/** What has just lapsed falls due 1 to 2 s later: the next look says when. */
const AFTER_LAPSE_MS = 1_000;

interface Pulse {
  /** Queues in which a message waits that may be taken now. */
  readonly due: readonly string[];
  /** A message's worker has been silent, or has had it, for too long. */
  readonly hasLapsed: boolean;
  /** When the next message to be tried again may be taken, or the next one in hand would lapse, in ms. */
  readonly nextMs: number | null;
}

interface PulseOptions {
  readonly pool: pg.Pool;
  readonly queues: readonly string[];
  readonly onDue: (queue: string) => void;
  readonly onLapsed: () => Promise<void>;
  readonly log: Log;
}

/**
 * One statement every 3 s, or sooner when something falls due, that sees what comes without a notice: messages to be tried
 * again, and those of workers that died. It stands for the polls of all queues and for those of the queue's own supervisor.
 */
export async function pulse(
  { pool, queues, onDue, onLapsed, log }: PulseOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    let waitMs = EVERY_MS;
    try {
      const { due, hasLapsed, nextMs } = await look(pool, queues);
      due.forEach(onDue);
      if (hasLapsed) await onLapsed();
      if (hasLapsed) waitMs = AFTER_LAPSE_MS;
      else if (nextMs !== null) waitMs = Math.min(Math.max(nextMs, AT_LEAST_MS), EVERY_MS);
    } catch (error) {
      log('queue.pulse-failed', { error }); // the next one tries again
    }
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Reads the index of live messages only; $1 are the queues. */
const LOOK = `
  WITH active AS (
    SELECT least(heartbeat_on + heartbeat_seconds * interval '1 s', started_on + expire_seconds * interval '1 s') AS lapses
      FROM pgboss.job WHERE name = ANY($1) AND state = 'active')
  SELECT ARRAY(SELECT q FROM unnest($1::text[]) q WHERE EXISTS (
           SELECT FROM pgboss.job WHERE name = q AND state IN ('created', 'retry') AND NOT blocked AND start_after <= now())) AS due,
         coalesce((SELECT bool_or(lapses < now()) FROM active), false) AS "hasLapsed",
         1000 * extract(epoch FROM least(
           (SELECT min(start_after) FROM pgboss.job WHERE name = ANY($1) AND state = 'retry' AND NOT blocked AND start_after > now()),
           (SELECT min(lapses) FROM active WHERE lapses >= now())) - now())::float8 AS "nextMs"`;

async function look(pool: pg.Pool, queues: readonly string[]): Promise<Pulse> {
  const { rows } = await pool.query<Pulse>(LOOK, [queues]);
  const [row] = rows;
  if (row === undefined) throw new Error('the pulse of the queue answered no row');
  return row;
}
