import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { wholeNumber } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { reportBench } from './bench-report.js';

/**
 * From an empty folder to a trained ranker that is live, by the commands that an operator types: MovieLens-100K is imported, then
 * trained. The database is the embedded one; its memory is counted apart.
 */
const FORMAT = 'movielens-100k';
const LOOK_MS = 100;

const values = benchOptions({
  seed: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '60' },
  data: { type: 'string', default: `../shared/data/${FORMAT}` },
});
const seed = wholeNumber('seed', values.seed);
const home = mkdtempSync(path.join(tmpdir(), 'vitrine-usable-'));
chmodSync(home, 0o755); // as root, the database server runs as nobody and must be able to pass
try {
  const imported = await timed('import', '--format', FORMAT, values.data);
  const trained = await timed('train', '--seconds', values.seconds, '--seed', values.seed);
  const { output } = await timed('models', 'list');
  const figures = {
    importSeconds: imported.seconds,
    trainSeconds: trained.seconds,
    usableSeconds: imported.seconds + trained.seconds,
    isLive: Number(/\blive\b/i.test(output)),
    'import.peakMb': imported.peakMb,
    'train.peakMb': trained.peakMb,
  };
  reportBench('usable', figures, seed);
} finally {
  rmSync(home, { recursive: true, force: true });
}

interface Timed {
  readonly seconds: number;
  /** The most resident memory that the process ever had. */
  readonly peakMb: number;
  readonly output: string;
}

/** One command of the product, start-up included. */
async function timed(...args: readonly string[]): Promise<Timed> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['dist/src/cli.js', ...args], {
    env: { ...process.env, VITRINE_HOME: home, VITRINE_DEMO: 'none' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  let peakMb = 0;
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const looking = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid ?? 0))), LOOK_MS);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(looking);
  if (code !== 0) throw new Error(`vitrine ${args.join(' ')} ended with ${code}\n${output}`);
  return { seconds: (performance.now() - startedAt) / 1000, peakMb, output };
}

/** The kernel keeps the high-water mark itself, so looking now and then misses only the last moment. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it has just ended
  }
}
