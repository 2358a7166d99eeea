import { parseArgs } from 'node:util';
import { reportBench } from '../../bench/bench-report.js';
import { storm } from './storm.js';

/** `npm run test:chaos -- --kills 300`: the long storm. Writes its figures beside those of the benches; fails when one is bad. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    restarts: { type: 'string', default: '5' },
    cuts: { type: 'string', default: '15' },
    servers: { type: 'string', default: '5' },
    every: { type: 'string', default: '2000' },
    open: { type: 'string', default: '24' },
    seed: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const figures = await storm({
  ...{ seed, kills: Number(values.kills), restarts: Number(values.restarts), cuts: Number(values.cuts) },
  ...{ serverRestarts: Number(values.servers), everyMs: Number(values.every), open: Number(values.open) },
});
reportBench('chaos', figures, seed);
const COUNTS = new Set(['jobs', 'events', 'kills', 'restarts', 'cuts', 'serverRestarts', 'settleSeconds']);
const bad = Object.entries(figures).filter(([name, value]) => !COUNTS.has(name) && value !== 0);
if (bad.length > 0) {
  process.stderr.write(`must be 0: ${bad.map(([name, value]) => `${name} ${value}`).join(', ')}\n`);
  process.exitCode = 1;
}
