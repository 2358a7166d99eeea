import type { Ports } from '../../src/flow/ports.js';
import { openWakeups } from '../../src/infra/database/wakeups.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import type { TestDatabase } from './test-database.js';

/** The ports that the job runner itself uses; reaching for another one fails the test. */
export async function workerPorts(
  {
    connectionString,
    stores,
    transaction,
  }: Pick<TestDatabase, 'connectionString' | 'stores' | 'transaction'>,
  log: Ports['log'] = () => undefined,
): Promise<{ ports: Ports; close: () => Promise<void> }> {
  const wakeups = await openWakeups(connectionString);
  const ports = { stores, transaction, wakeups, log, clock: systemClock, ids: uuidIds() } as unknown as Ports;
  return { ports, close: () => wakeups.close() };
}
