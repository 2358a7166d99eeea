import type { PersonId, WebhookDeliveryId, WebhookId } from '../../domain/ids.js';
import type { WebhookDelivery, WebhookEndpoint } from '../../domain/webhook.js';

export interface WebhookStore {
  create(endpoint: WebhookEndpoint): Promise<void>;
  byId(id: WebhookId): Promise<WebhookEndpoint | null>;
  /** Newest first. */
  ofPerson(personId: PersonId): Promise<WebhookEndpoint[]>;
  /** Its deliveries go with it. */
  remove(id: WebhookId): Promise<void>;
  /** The secret before goes on to sign until `previousUntil`. */
  rotate(id: WebhookId, secret: string, previousUntil: Date): Promise<void>;
  /** On: with a clean record. Off: what waits for it ends as FAILED. */
  switchTo(id: WebhookId, isOn: boolean, offReason: string | null): Promise<void>;
  delivery(id: WebhookDeliveryId): Promise<WebhookDelivery | null>;
  /** Newest first. */
  deliveries(id: WebhookId, first: number): Promise<WebhookDelivery[]>;
  /** A delivery without an event, to see whether the endpoint answers. */
  addTest(id: WebhookDeliveryId, endpointId: WebhookId, at: Date): Promise<void>;
  /** Starts its eight tries anew, under its own id, so that a receiver that had it knows it again. */
  replay(id: WebhookDeliveryId, at: Date): Promise<void>;
  /** Counts one more try for deliveries that are due; they are due again after `leaseMs` if nobody says how it ended. */
  claim(now: Date, leaseMs: number, limit: number): Promise<WebhookClaim[]>;
  /** When the next one is due; null when none waits. */
  nextAt(): Promise<Date | null>;
  /** Ends the delivery and clears the endpoint's record. Nothing, if it was tried again meanwhile. */
  delivered(delivery: WebhookDelivery, status: number, at: Date): Promise<void>;
  /** Null as `nextAt`: it has failed for good. Returns since when its endpoint fails; null if it was tried again meanwhile. */
  failed(
    delivery: WebhookDelivery,
    failure: { readonly status: number | null; readonly error: string; readonly nextAt: Date | null },
    at: Date,
  ): Promise<Date | null>;
  /** Removes deliveries that ended and were made before a time. */
  forget(before: Date): Promise<void>;
}

export interface WebhookClaim {
  readonly delivery: WebhookDelivery;
  readonly endpoint: WebhookEndpoint;
}

export interface WebhookSender {
  /** Throws INVALID_INPUT, saying why, for an address that nothing is ever sent to. */
  check(url: string): void;
  newSecret(): string;
  /** Signed by the Standard Webhooks rules; resolves with the answer's status, which may be any; rejects when none came. */
  send(claim: WebhookClaim, now: Date, signal: AbortSignal): Promise<number>;
}
