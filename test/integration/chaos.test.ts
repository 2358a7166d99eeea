import { storm } from '../chaos/storm.js';
import { streams } from '../chaos/streams.js';

/** The short versions of `npm run test:chaos`; each has a Postgres of its own, which it may break. */
const ALL_WELL = {
  ...{
    lostJobs: 0,
    stuckJobs: 0,
    doubleJobs: 0,
    wrongEnds: 0,
    lostOutputs: 0,
    doubleOutputs: 0,
    doubleCharges: 0,
    lostCharges: 0,
  },
  ...{ lostEvents: 0, repeatedEvents: 0, disorderedEvents: 0, crashes: 0 },
};

test('10 workers killed at random moments: no job lost or stuck, no output or event twice', async () => {
  const blows = { kills: 10, restarts: 0, cuts: 0, serverRestarts: 0 };
  const figures = await storm({ seed: 1, ...blows, everyMs: 1_500, open: 8 });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(figures).toMatchObject({ ...blows, ...ALL_WELL });
}, 300_000);

test('Postgres stopped, connections cut and a server restarted under running jobs: the same', async () => {
  const blows = { kills: 0, restarts: 2, cuts: 5, serverRestarts: 1 };
  const figures = await storm({ seed: 2, ...blows, everyMs: 1_500, open: 8 });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(figures).toMatchObject({ ...blows, ...ALL_WELL });
}, 300_000);

test('50 clients on two servers, sockets torn and a server restarted: no event lost, repeated or out of order', async () => {
  const figures = await streams({
    seed: 3,
    clients: 50,
    jobs: 10,
    events: 20,
    everyMs: 400,
    tear: 0.05,
    restart: true,
  });
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(figures).toMatchObject({ clients: 50, lostEvents: 0, repeatedEvents: 0, disorderedEvents: 0 });
  expect(figures['brokenSockets']).toBeGreaterThanOrEqual(50);
  // also of those whose server was restarted; 5 s is the promise of a free machine, which the long storm measures
  expect(figures['slowestSeconds']).toBeLessThan(20);
}, 300_000);
