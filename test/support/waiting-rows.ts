import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { TestDatabase } from './test-database.js';

/** Waits until so many connections of this database wait for a lock. */
export async function untilWaiting(database: TestDatabase, wanted: number): Promise<void> {
  const waiting = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  for (let tries = 0; (await database.query(waiting)).length < wanted; tries++) {
    if (tries === 500) throw new Error(`${wanted} waiting connections did not come in 10 s`);
    await sleep(20);
  }
}

/** Runs `work` while somebody else holds what the statement locks; it is let go when `work` has ended. */
export async function whileHeld<T>(
  database: TestDatabase,
  [sql, values]: readonly [string, readonly unknown[]],
  work: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: database.connectionString });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query(sql, [...values]);
    return await work();
  } finally {
    await client.end(); // rolls back
  }
}
