import pg from 'pg';
import type { Wakeups } from '../../flow/ports.js';

export interface OpenWakeups extends Wakeups {
  close(): Promise<void>;
}

const RECONNECT_MS = 1_000;
/** So many topics are remembered; a forgotten one costs its reader one poll. */
const MOST_TOPICS = 10_000;

/**
 * Wake-ups from all processes over one LISTEN connection. Each topic has a version that grows with every notice, and
 * each reader (known by its signal) the version it last woke at: a notice between two waits is not lost.
 */
export async function openWakeups(connectionString: string): Promise<OpenWakeups> {
  const wakeups = new ListeningWakeups(connectionString);
  await wakeups.connect();
  return wakeups;
}

class ListeningWakeups implements OpenWakeups {
  private client: pg.Client | null = null;
  private retry: NodeJS.Timeout | null = null;
  private isClosed = false;
  private readonly versions = new Map<string, number>();
  private readonly seen = new WeakMap<AbortSignal, Map<string, number>>();
  private readonly sleepers = new Map<string, Set<() => void>>();

  constructor(private readonly connectionString: string) {}

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.connectionString,
      application_name: 'vitrine wakeups',
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => this.note(payload ?? ''));
    client.on('error', () => undefined); // 'end' follows
    client.on('end', () => this.reconnectLater());
    await client.connect();
    await client.query('LISTEN vitrine');
    this.client = client;
    // what was said while nobody listened is unknown: let everybody look
    for (const topic of this.sleepers.keys()) this.note(topic);
  }

  async wait(topic: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    if (!this.isBehind(topic, signal)) await this.sleep(topic, timeoutMs, signal);
    this.markSeen(topic, signal);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    for (const sleepers of this.sleepers.values()) for (const wake of sleepers) wake();
    await this.client?.end();
  }

  private note(topic: string): void {
    const version = (this.versions.get(topic) ?? 0) + 1;
    this.versions.delete(topic); // to the end of the map: the oldest is forgotten first
    this.versions.set(topic, version);
    const oldest = this.versions.keys().next().value;
    if (this.versions.size > MOST_TOPICS && oldest !== undefined) this.versions.delete(oldest);
    for (const wake of this.sleepers.get(topic) ?? []) wake();
  }

  private isBehind(topic: string, signal: AbortSignal): boolean {
    const seen = this.seen.get(signal)?.get(topic) ?? 0;
    return (this.versions.get(topic) ?? 0) > seen;
  }

  private markSeen(topic: string, signal: AbortSignal): void {
    const ofReader = this.seen.get(signal) ?? new Map<string, number>();
    ofReader.set(topic, this.versions.get(topic) ?? 0);
    this.seen.set(signal, ofReader);
  }

  private sleep(topic: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleepers = this.sleepers.get(topic) ?? new Set();
      this.sleepers.set(topic, sleepers);
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        sleepers.delete(wake);
        if (sleepers.size === 0) this.sleepers.delete(topic);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      signal.addEventListener('abort', wake);
      sleepers.add(wake);
    });
  }

  private reconnectLater(): void {
    this.client = null;
    if (this.isClosed || this.retry !== null) return;
    this.retry = setTimeout(() => {
      this.retry = null;
      this.connect().catch(() => this.reconnectLater());
    }, RECONNECT_MS);
  }
}
