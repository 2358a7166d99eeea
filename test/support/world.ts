import type { FeedbackEvent } from '../../src/domain/event.js';
import type { CatalogueId, ItemId } from '../../src/domain/ids.js';
import type { Catalogue, Item } from '../../src/domain/item.js';
import type { Person } from '../../src/domain/person.js';
import type { NewItem } from '../../src/flow/ports/stores.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import type { Database } from '../../src/infra/database/database.js';

type NewEvent = Omit<FeedbackEvent, 'id' | 'undoneAt'>;

export interface World {
  readonly catalogue: Catalogue;
  readonly items: readonly Item[];
  readonly people: readonly Person[];
  /** A click of the first person on the first item, now, with what is given changed. */
  event(changes: Partial<NewEvent>): NewEvent;
}

const ids = uuidIds();

/** A new catalogue with three items, and two people: enough to say most things about the stores. */
export async function world({ stores }: Pick<Database, 'stores'>): Promise<World> {
  const key = ids.next();
  const catalogue = await stores.catalogues.save({ key, name: 'World', domain: 'pictures', language: 'en' });
  await stores.items.saveAll(['fox', 'owl', 'elk'].map((name) => newItem(catalogue.id, name)));
  const items = await stores.items.byExternalIds(catalogue.id, ['fox', 'owl', 'elk']);
  const people = [await stores.people.ensure(newPerson()), await stores.people.ensure(newPerson())];
  const [first] = people;
  const order = ['fox', 'owl', 'elk'];
  const sorted = [...items].sort((a, b) => order.indexOf(a.externalId) - order.indexOf(b.externalId));
  if (first === undefined) throw new Error('no person');
  return {
    ...{ catalogue, people, items: sorted },
    event: (changes) => ({
      clientEventId: ids.next(),
      personId: first.id,
      itemId: sorted[0]?.id ?? null,
      type: 'CLICK',
      value: null,
      requestId: null,
      position: null,
      at: new Date(),
      ...changes,
    }),
  };
}

export function newItem(
  catalogueId: CatalogueId,
  externalId: string,
  changes: Partial<NewItem> = {},
): NewItem {
  return {
    catalogueId,
    externalId,
    title: `The ${externalId}`,
    summary: null,
    topics: ['animals', externalId],
    attributes: { group: 'animals' },
    origin: 'HUMAN',
    ownerId: null,
    visibility: 'PUBLIC',
    mediaHash: null,
    availableUntil: null,
    ...changes,
  };
}

export function newPerson(changes: Partial<Omit<Person, 'id'>> = {}): Omit<Person, 'id'> {
  const now = new Date();
  return {
    externalId: ids.next(),
    displayName: 'Ada',
    kind: 'KNOWN',
    about: null,
    consent: { personalisation: true, trainingUse: true, recordedAt: now },
    createdAt: now,
    ...changes,
  };
}

export const newItemId = (): ItemId => ids.next() as ItemId;
