import { asSentence } from '../api/sentence-of.js';
import { shortMoment } from '../components/short-moment.js';
import type { DeliveryFieldsFragment, WebhookEvent, WebhookFieldsFragment } from '../generated/graphql.js';

export const EVENT_NAMES: Readonly<Record<WebhookEvent, string>> = {
  STARTED: 'A job starts',
  OUTPUT_READY: 'A picture is ready',
  FINISHED: 'A job ends',
};

/** How a webhook stands: its badge, its word, and what there is to know about it. */
export interface Standing {
  readonly tone: 'good' | 'trouble' | 'off';
  readonly word: string;
  readonly detail: string | null;
}

type Hook = Pick<WebhookFieldsFragment, 'isOn' | 'offReason' | 'failingSince'>;

export function standingOf({ isOn, offReason, failingSince }: Hook): Standing {
  if (!isOn && offReason) {
    return {
      tone: 'trouble',
      word: 'Switched off',
      detail: asSentence(`${offReason}, so the server switched it off`),
    };
  }
  if (!isOn) return { tone: 'off', word: 'Paused', detail: 'Nothing is sent until you switch it on.' };
  if (failingSince) {
    const since = shortMoment(failingSince);
    return {
      tone: 'trouble',
      word: 'Failing',
      detail: `Nothing has arrived since ${since}. After five days it is switched off.`,
    };
  }
  return { tone: 'good', word: 'On', detail: null };
}

type Delivery = Pick<DeliveryFieldsFragment, 'state' | 'attempts' | 'nextAt' | 'lastStatus' | 'lastError'>;

/** What came of a delivery so far. */
export function outcomeText({ state, attempts, nextAt, lastStatus, lastError }: Delivery): string {
  const cause = lastError ? `: ${lastError}` : '';
  switch (state) {
    case 'DELIVERED':
      return `Arrived${lastStatus ? `, answered with ${String(lastStatus)}` : ''}`;
    case 'FAILED':
      return `Failed after ${tries(attempts)}${cause}`;
    case 'WAITING': {
      if (attempts === 0) return 'On its way';
      const next = nextAt ? `, next ${shortMoment(nextAt)}` : '';
      return `${tries(attempts)} of 8${next}${cause}`;
    }
  }
}

const tries = (count: number) => (count === 1 ? '1 try' : `${String(count)} tries`);

/** Names the event; a test has none. */
export function eventText(event: WebhookEvent | null | undefined): string {
  return event ? EVENT_NAMES[event] : 'A test';
}

/** All webhooks in a sentence: how many there are, and whether one needs a look. */
export function summaryText(webhooks: readonly Hook[]): string {
  const count = webhooks.length;
  if (count === 0) return 'Let a program of yours know when a picture is ready.';
  const troubled = webhooks.filter((webhook) => standingOf(webhook).tone === 'trouble').length;
  const need = troubled === 0 ? '' : `, ${String(troubled)} of them in trouble`;
  return `${count === 1 ? '1 address is' : `${String(count)} addresses are`} told about your jobs${need}.`;
}
