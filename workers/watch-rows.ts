import type { JobId } from '../src/domain/ids.js';
import type { Job } from '../src/domain/job.js';
import type { Ports } from '../src/flow/ports.js';

/** A new holder is seen within this time; a cancel gives notice. */
const WATCH_MS = 1_000;

type WatchPorts = Pick<Ports, 'stores' | 'wakeups' | 'log'>;
interface Attempt {
  readonly id: JobId;
  readonly fence: number;
  readonly onLost: () => void;
}

const watches = new WeakMap<Ports['stores'], RowWatch>();

/**
 * Calls `onLost` when the job's row is not this attempt's any more: canceled by any process, ended, or started by another worker.
 * All attempts of a process share one look at their rows, and one that is over within a second costs none. Returns how to end it.
 */
export function watchRow(ports: WatchPorts, { id, fence }: Job, onLost: () => void): () => void {
  const watch = watches.get(ports.stores) ?? new RowWatch(ports);
  watches.set(ports.stores, watch);
  return watch.add({ id, fence, onLost });
}

class RowWatch {
  private readonly attempts = new Set<Attempt>();
  private isRunning = false;

  constructor(private readonly ports: WatchPorts) {}

  add(attempt: Attempt): () => void {
    this.attempts.add(attempt);
    if (!this.isRunning) void this.run();
    return () => this.attempts.delete(attempt);
  }

  /** Goes on until a second passes with nothing in hand. */
  private async run(): Promise<void> {
    const { wakeups, log } = this.ports;
    const { signal } = new AbortController();
    this.isRunning = true;
    do {
      await wakeups.wait('stops', WATCH_MS, signal);
      await this.look().catch((error: unknown) => log('job.watch-failed', { error })); // the next look tells
    } while (this.attempts.size > 0);
    this.isRunning = false;
  }

  private async look(): Promise<void> {
    const attempts = [...this.attempts];
    if (attempts.length === 0) return;
    const rows = await this.ports.stores.jobs.byIds(attempts.map(({ id }) => id));
    const holders = new Set(rows.filter(({ status }) => status === 'RUNNING').map(holderOf));
    for (const attempt of attempts) if (!holders.has(holderOf(attempt))) attempt.onLost();
  }
}

const holderOf = ({ id, fence }: { readonly id: JobId; readonly fence: number }) => `${id}:${fence}`;
