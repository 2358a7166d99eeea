import type { JobId, PersonId, WebhookDeliveryId, WebhookId } from './ids.js';
import type { Random } from './random.js';

/** What an endpoint can be told: kinds of a job's event log. */
export const WEBHOOK_EVENTS = ['STARTED', 'OUTPUT_READY', 'FINISHED'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface WebhookEndpoint {
  readonly id: WebhookId;
  readonly personId: PersonId;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Starts with `whsec_`; what it signs with, in base64, behind it. */
  readonly secret: string;
  /** Signs, too, until then, so that a receiver can exchange them without a gap. */
  readonly previousSecret: string | null;
  readonly previousUntil: Date | null;
  readonly isOn: boolean;
  /** Why it was switched off; null while it is on, and when its owner did it. */
  readonly offReason: string | null;
  /** The first failure since the last success. */
  readonly failingSince: Date | null;
  readonly createdAt: Date;
}

export interface WebhookDelivery {
  readonly id: WebhookDeliveryId;
  readonly endpointId: WebhookId;
  readonly state: 'WAITING' | 'DELIVERED' | 'FAILED';
  /** Tries so far. */
  readonly attempts: number;
  /** Null when it has ended. */
  readonly nextAt: Date | null;
  /** HTTP status of the last answer; null when none came. */
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly deliveredAt: Date | null;
  /** Null for a test. */
  readonly news: WebhookNews | null;
}

/** An event of a job as its log has it; nothing of what was asked for or made is in it. */
export interface WebhookNews {
  readonly kind: WebhookEvent;
  readonly jobId: JobId;
  readonly jobName: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export const WEBHOOK_TRIES = 8;
const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];
/** After each failed try but the last, in ms: 23 h 35 min in all. */
const PAUSES_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 4 * HOUR, 7 * HOUR, 10 * HOUR];
/** So much of each pause is left to chance: what failed together does not come back together. */
const JITTER = 0.2;
/** An endpoint that has failed for so long, without one success, is switched off. */
const GIVE_UP_MS = 5 * 24 * HOUR;

/** When to try again after the given number of tries; null when that was the last one. */
export function nextTryAt(attempts: number, now: Date, random: Random): Date | null {
  const pause = PAUSES_MS[attempts - 1];
  return pause === undefined ? null : new Date(now.getTime() + pause * (1 - JITTER * random.next()));
}

export const isGivenUp = (failingSince: Date, now: Date): boolean =>
  now.getTime() - failingSince.getTime() >= GIVE_UP_MS;
