import { setTimeout as sleep } from 'node:timers/promises';
import { must } from '../support/must.js';
import { runningWorker, SUCCEEDED } from '../support/running-worker.js';
import { withDatabase } from '../support/test-database.js';

const database = withDatabase();
const { withWorker, send, finished } = runningWorker(database);
const nothing = () => Promise.resolve(SUCCEEDED);

async function transactions(): Promise<number> {
  const rows = await database.query<{ count: number }>(
    'SELECT (xact_commit + xact_rollback)::int AS count FROM pg_stat_database WHERE datname = current_database()',
  );
  return must(rows[0]).count;
}

test('an idle worker asks the database about once a second, however many places it has', async () => {
  await withWorker(nothing, async () => {
    await sleep(11_000); // backends add what they did to the counter up to 10 s late
    const before = await transactions();
    await sleep(20_000);
    const perSecond = ((await transactions()) - before) / 20;
    process.stdout.write(`${perSecond.toFixed(2)} transactions a second\n`);
    expect(perSecond).toBeLessThan(1.5); // it was 14
  });
}, 60_000);

test('a message that was sent again, of which no notice tells, is found by the pulse', async () => {
  const id = await send();
  await database.query('DELETE FROM pgboss.job WHERE id = $1', [id]);
  await withWorker(nothing, async () => {
    await sleep(1_000);
    const at = performance.now();
    await database.queue.resend([{ name: 'train-ranker', id }]);
    expect(await finished(id)).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
    expect(performance.now() - at).toBeLessThan(5_000);
  });
}, 60_000);
