import { print } from 'graphql';
import { RecordEventsDocument, type EventInput } from '../generated/graphql.js';
import { HTTP_URL, PERSON_HEADER } from './endpoints.js';
import { newId } from './new-id.js';

/** The server takes 1 to 100 events at a time. */
const MOST_AT_ONCE = 100;
const IDLE_MS = 2_000;
const MOST_WAITING = 1_000;

export type NewEvent = Omit<EventInput, 'clientEventId' | 'at'>;

/**
 * Collects what the person did and sends it in batches; `flush` sends at once. Each event keeps its id when it is sent
 * again, so a lost reply never counts twice. `keepalive` lets the last batch outlive the page.
 */
export class EventRecorder {
  private waiting: EventInput[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly person: string | null) {}

  /** Returns the event's id, by which it can be undone. */
  add(event: NewEvent): string {
    const clientEventId = newId();
    this.waiting.push({ ...event, clientEventId, at: new Date().toISOString() });
    this.timer ??= setTimeout(() => void this.flush().catch(() => undefined), IDLE_MS);
    return clientEventId;
  }

  /** Sends everything that waits; rejects when the server did not take it (it stays and goes with the next batch). */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sending = this.sending.catch(() => undefined).then(() => this.sendAll());
    return this.sending;
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MOST_AT_ONCE);
      try {
        await this.send(batch);
      } catch (error) {
        this.waiting = [...batch, ...this.waiting].slice(0, MOST_WAITING);
        throw error;
      }
    }
  }

  private async send(events: EventInput[]): Promise<void> {
    const response = await fetch(HTTP_URL, {
      method: 'POST',
      keepalive: true,
      headers: {
        'content-type': 'application/json',
        ...(this.person === null ? {} : { [PERSON_HEADER]: this.person }),
      },
      body: JSON.stringify({ query: print(RecordEventsDocument), variables: { input: { events } } }),
    });
    if (!response.ok) throw new Error(`recording events: status code ${response.status}`);
  }
}
