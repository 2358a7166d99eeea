import { DomainError } from '../domain/errors.js';
import { assertNotFromFuture, type EventType, type FeedbackEvent } from '../domain/event.js';
import type { ItemId, PersonId, RequestId } from '../domain/ids.js';
import type { Ports } from './ports.js';

export interface NewEvent {
  readonly clientEventId: string;
  readonly type: EventType;
  readonly itemId: ItemId | null;
  readonly requestId: RequestId | null;
  readonly position: number | null;
  readonly value: number | null;
  /** When it happened; null: now. */
  readonly at: Date | null;
}

export interface Recorded {
  readonly accepted: readonly FeedbackEvent[];
  readonly duplicates: number;
  readonly rejected: readonly { readonly index: number; readonly error: DomainError }[];
}

/** More than a page of impressions with every action on it; clients send larger queues in pieces. */
const MAX_BATCH = 100;
const EVENTS_WITHOUT_ITEM = new Set<EventType>(['VIEW', 'IMPRESSION']);

/** Event in -> store. Safe to repeat; one bad event is refused with its reason and spoils no other. */
export async function recordEvents(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  { personId, events }: { personId: PersonId; events: readonly NewEvent[] },
): Promise<Recorded> {
  if (events.length > MAX_BATCH) {
    throw new DomainError(
      'INVALID_INPUT',
      `at most ${MAX_BATCH} events in one call were wanted, ${events.length} came`,
      {
        path: ['events'],
        constraint: `<= ${MAX_BATCH}`,
      },
    );
  }
  const known = await knownItems(stores, personId, events);
  const now = clock.now();
  const rejected: { index: number; error: DomainError }[] = [];
  const good = events.flatMap((event, index) => {
    const error = problemWith(event, known, now);
    if (error === null) return [{ ...event, personId, at: event.at ?? now }];
    rejected.push({ index, error });
    return [];
  });
  if (good.length === 0) return { accepted: [], duplicates: 0, rejected };
  const { accepted, duplicates } = await stores.events.appendAll(good);
  return { accepted, duplicates, rejected };
}

async function knownItems(
  stores: Ports['stores'],
  personId: PersonId,
  events: readonly NewEvent[],
): Promise<ReadonlySet<ItemId>> {
  const ids = new Set(events.flatMap(({ itemId }) => (itemId === null ? [] : [itemId])));
  const items = await stores.items.byIds([...ids]);
  return new Set(
    items.filter((item) => item.visibility !== 'PRIVATE' || item.ownerId === personId).map(({ id }) => id),
  );
}

interface Check {
  readonly field: string;
  readonly fails: (event: NewEvent, known: ReadonlySet<ItemId>) => boolean;
  readonly message: (event: NewEvent) => string;
}

/** One row per thing an event may get wrong; the first broken one is told. */
const CHECKS: readonly Check[] = [
  {
    field: 'clientEventId',
    fails: ({ clientEventId }) => clientEventId.length < 8 || clientEventId.length > 128,
    message: ({ clientEventId }) =>
      `clientEventId: 8 to 128 characters were wanted, ${clientEventId.length} came`,
  },
  {
    field: 'contentId',
    fails: ({ itemId, type }) => itemId === null && !EVENTS_WITHOUT_ITEM.has(type),
    message: ({ type }) => `${type} needs a contentId, none came`,
  },
  {
    field: 'contentId',
    fails: ({ itemId }, known) => itemId !== null && !known.has(itemId),
    message: () => 'contentId: an existing item was wanted, none has this id',
  },
  {
    field: 'value',
    fails: ({ type, value }) => type === 'RATE' && !(value !== null && value >= 1 && value <= 5),
    message: ({ value }) => `RATE needs a value from 1 to 5, ${value ?? 'none'} came`,
  },
  {
    field: 'value',
    fails: ({ type, value }) => type === 'DWELL' && !(value !== null && value >= 0),
    message: ({ value }) => `DWELL needs its seconds (0 or more) as value, ${value ?? 'none'} came`,
  },
];

function problemWith(event: NewEvent, known: ReadonlySet<ItemId>, now: Date): DomainError | null {
  const broken = CHECKS.find(({ fails }) => fails(event, known));
  if (broken) return new DomainError('INVALID_INPUT', broken.message(event), { path: [broken.field] });
  try {
    assertNotFromFuture(event.clientEventId, event.at ?? now, now);
    return null;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}
