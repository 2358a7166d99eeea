import type { FeedbackEvent } from '../domain/event.js';
import type { EventId, PersonId, RequestId } from '../domain/ids.js';
import type { Facet } from '../domain/person.js';
import type { ServedRequest } from '../domain/recommendation.js';
import type { Ports } from '../flow/ports.js';
import type { AnswerStore, EventStore, ProfileStore } from '../flow/ports/stores.js';

export interface RememberedReads<P> {
  readonly ports: P;
  /** The person's events that ranking read. */
  readonly events: () => Iterable<FeedbackEvent>;
}

/**
 * Ports for one answer, in which what ranking has read or written is not read again for the reasons: five statements
 * fewer a page, and the reasons see exactly what the ranking saw.
 */
export function rememberReads<P extends Ports>(ports: P): RememberedReads<P> {
  const { stores } = ports;
  const seen = new Map<EventId, FeedbackEvent>();
  const answers = rememberAnswers(stores.answers);
  const events = rememberEvents(stores.events, seen);
  const profiles = rememberKnown(stores.profiles, seen);
  return {
    ports: { ...ports, stores: { ...stores, answers, events, profiles } },
    events: () => seen.values(),
  };
}

function rememberAnswers(store: AnswerStore): AnswerStore {
  const saved = new Map<RequestId, ServedRequest>();
  return {
    ...store,
    async saveRequest(request) {
      await store.saveRequest(request);
      saved.set(request.id, request);
    },
    request: (id) => {
      const known = saved.get(id);
      return known === undefined ? store.request(id) : Promise.resolve(known);
    },
    // an answer that was given a moment ago has no reasons yet
    explanationsFor: (id, itemIds, style) =>
      saved.has(id) ? Promise.resolve([]) : store.explanationsFor(id, itemIds, style),
  };
}

function rememberEvents(store: EventStore, seen: ReadonlyMap<EventId, FeedbackEvent>): EventStore {
  return {
    ...store,
    byIds: (ids) => {
      const known = ids.flatMap((id) => seen.get(id) ?? []);
      return known.length === ids.length ? Promise.resolve(known) : store.byIds(ids);
    },
  };
}

function rememberKnown(store: ProfileStore, seen: Map<EventId, FeedbackEvent>): ProfileStore {
  const read = new Map<PersonId, Promise<Facet[]>>();
  return {
    ...store,
    async known(personId, limit) {
      const known = await store.known(personId, limit);
      for (const event of known.events) seen.set(event.id, event);
      read.set(personId, Promise.resolve([...known.facets]));
      return known;
    },
    facets(personId) {
      const known = read.get(personId) ?? store.facets(personId);
      read.set(personId, known);
      return known;
    },
  };
}
