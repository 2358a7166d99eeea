import { setTimeout as sleep } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
import type { JobId } from '../../domain/ids.js';
import type { JobName, QueuedJob } from '../../flow/jobs.js';
import type { Log, Wakeups } from '../../flow/ports.js';
import type { Heartbeat } from './heartbeat-thread.js';

/** A message in hand. Throwing hands it back, to be tried again later. */
export interface Delivery {
  readonly jobId: JobId;
  /** Aborts when the queue took the message away from us. */
  readonly signal: AbortSignal;
}

interface Message {
  readonly id: string;
  readonly retryCount: number;
  readonly data: QueuedJob;
}

export interface TakerParts {
  readonly boss: Pick<PgBoss, 'fetch' | 'complete' | 'fail'>;
  readonly wakeups: Wakeups;
  readonly heartbeat: Heartbeat;
  readonly log: Log;
}

interface TakerOptions {
  readonly queue: string;
  /** How many messages are in hand at once. */
  readonly places: number;
  readonly handle: (delivery: Delivery) => Promise<void>;
}

/** New jobs come with a notice, and the pulse finds the others; this only covers for both. */
const IDLE_POLL_MS = 300_000;
const AFTER_ERROR_MS = 1_000;

interface Held {
  readonly message: Message;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/**
 * Takes the messages of one queue: as many in one statement as there are free places, each handled on its own, so that a long
 * job keeps no other waiting. Messages that are done at about the same time are completed in one statement.
 */
export class MessageTaker {
  private readonly inHand = new Map<string, Held>();
  private readonly done: Message[] = [];
  private completing: Promise<void> | null = null;
  private readonly closing = new AbortController();
  private readonly ended: Promise<unknown>;
  private mayHaveMore = true;
  private wake: () => void = () => undefined;

  constructor(
    private readonly parts: TakerParts,
    private readonly options: TakerOptions,
  ) {
    this.ended = Promise.all([this.take(), this.listen()]);
  }

  /** Looks for messages now, or as soon as a place is free. */
  look(): void {
    this.mayHaveMore = true;
    this.wake();
  }

  /** Takes no new message, waits for those in hand, hands back what is not done in time. */
  async close(graceMs: number): Promise<void> {
    this.closing.abort();
    this.wake();
    await this.ended;
    const settled = Promise.all([...this.inHand.values()].map(({ ended }) => ended));
    const over = new AbortController();
    const grace = sleep(graceMs, undefined, { signal: over.signal }).catch(() => undefined);
    await Promise.race([settled, grace]).finally(() => over.abort());
    await this.handBack();
    await this.completing;
  }

  private async listen(): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await this.parts.wakeups.wait(`queue:${this.options.queue as JobName}`, IDLE_POLL_MS, signal);
      this.look();
    }
  }

  private async take(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const isFull = this.inHand.size === this.options.places;
      if (isFull || !this.mayHaveMore) await new Promise<void>((resolve) => (this.wake = resolve));
      else await this.fetch();
    }
  }

  private async fetch(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve)); // places that end together are filled together
    const { boss, log } = this.parts;
    const { queue, places } = this.options;
    const free = places - this.inHand.size;
    this.mayHaveMore = false;
    try {
      const messages: Message[] = await boss.fetch<QueuedJob>(queue, { batchSize: free });
      for (const message of messages) this.begin(message);
      if (messages.length === free) this.mayHaveMore = true;
    } catch (error) {
      log('queue.fetch-failed', { queue, error }); // tried again soon
      setTimeout(() => this.look(), AFTER_ERROR_MS).unref();
    }
  }

  private begin(message: Message): void {
    const { queue, handle } = this.options;
    const { id, retryCount, data } = message;
    const stop = new AbortController();
    this.parts.heartbeat.hold({ queue, id, retryCount }, () => stop.abort());
    const ended = handle({ jobId: data.jobId, signal: stop.signal })
      .then(
        () => this.complete(message),
        (error: unknown) => this.fail(message, error),
      )
      .finally(() => this.end(id));
    this.inHand.set(id, { message, stop, ended });
  }

  private end(id: string): void {
    this.parts.heartbeat.release(id);
    this.inHand.delete(id);
    this.wake();
  }

  /** Nobody waits for it: the row is finished, and if this fails, the next delivery finds nothing to do. */
  private complete(message: Message): void {
    if (!this.inHand.has(message.id)) return;
    this.done.push(message);
    this.completing ??= this.completeAll().finally(() => (this.completing = null));
  }

  private async completeAll(): Promise<void> {
    const { queue } = this.options;
    while (this.done.length > 0) {
      const messages = this.done.splice(0);
      await this.parts.boss
        .complete(queue, messages)
        .catch((error: unknown) => this.parts.log('queue.complete-failed', { queue, error }));
    }
  }

  /** If this fails, too, the message's heartbeat stops and says the same. */
  private async fail(message: Message, error: unknown): Promise<void> {
    const { queue } = this.options;
    if (!this.inHand.has(message.id)) return;
    const reason = { message: error instanceof Error ? error.message : String(error) };
    await this.parts.boss
      .fail(queue, [message], reason)
      .catch((failed: unknown) => this.parts.log('queue.fail-failed', { queue, error: failed }));
  }

  /** Other workers may have these at once; what our handlers still say of them is not said to the queue. */
  private async handBack(): Promise<void> {
    const left = [...this.inHand.values()];
    if (left.length === 0) return;
    this.inHand.clear();
    const { queue } = this.options;
    const messages = left.map(({ message }) => message);
    await this.parts.boss
      .fail(queue, messages, { message: 'its worker was stopped' })
      .catch((error: unknown) => this.parts.log('queue.hand-back-failed', { queue, error }));
    for (const { message, stop } of left) {
      this.parts.heartbeat.release(message.id);
      stop.abort();
    }
  }
}
