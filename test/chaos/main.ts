import { parseArgs } from 'node:util';
import { reportBench } from '../../bench/bench-report.js';
import { storm } from './storm.js';
import { streams } from './streams.js';

/** `npm run test:chaos -- --kills 300`: the long storm. Writes its figures beside those of the benches; fails when one is bad. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    restarts: { type: 'string', default: '5' },
    cuts: { type: 'string', default: '15' },
    servers: { type: 'string', default: '5' },
    every: { type: 'string', default: '2000' },
    open: { type: 'string', default: '24' },
    readers: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const ofStorm = await storm({
  ...{ seed, kills: Number(values.kills), restarts: Number(values.restarts), cuts: Number(values.cuts) },
  ...{ serverRestarts: Number(values.servers), everyMs: Number(values.every), open: Number(values.open) },
});
const clients = Number(values.readers);
const many = { seed, clients, jobs: Math.ceil(clients / 5), events: 10 };
const ofCalm = await streams({ ...many, everyMs: 5_000, tear: 0, restart: false });
const ofTorn = await streams({ ...many, everyMs: 5_000, tear: 0.05, restart: true });
const named = (of: string, figures: Record<string, number>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${of}.${name}`, value]));
const figures = { ...ofStorm, ...named('calm', ofCalm), ...named('torn', ofTorn) };
reportBench('chaos', figures, seed);
const MUST_BE_0 = /(lost|stuck|double|repeated|disordered|wrong)\w+$|^crashes$/;
const bad = Object.entries(figures).filter(([name, value]) => MUST_BE_0.test(name) && value !== 0);
if (bad.length > 0) {
  process.stderr.write(`must be 0: ${bad.map(([name, value]) => `${name} ${value}`).join(', ')}\n`);
  process.exitCode = 1;
}
