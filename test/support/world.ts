import type { FeedbackEvent } from '../../src/domain/event.js';
import type { CatalogueId, ItemId, JobId, MediaHash, PersonId } from '../../src/domain/ids.js';
import type { Catalogue, Item } from '../../src/domain/item.js';
import type { Person } from '../../src/domain/person.js';
import type { Recipe, Work } from '../../src/domain/work.js';
import type { TrainRankerPayload } from '../../src/flow/jobs.js';
import type { NewItem } from '../../src/flow/ports/stores.js';
import { uuidIds } from '../../src/infra/uuid-ids.js';
import type { Database } from '../../src/infra/database/database.js';

type NewEvent = Omit<FeedbackEvent, 'id' | 'undoneAt'>;

export interface World {
  readonly catalogue: Catalogue;
  readonly items: readonly [Item, Item, Item];
  readonly people: readonly [Person, Person];
  /** A click of the first person on the first item, now, with what is given changed. */
  readonly event: (changes: Partial<NewEvent>) => NewEvent;
}

const ids = uuidIds();

/** A new catalogue with three items, and two people: enough to say most things about the stores. */
export async function world({ stores }: Pick<Database, 'stores'>): Promise<World> {
  const key = ids.next();
  const catalogue = await stores.catalogues.save({ key, name: 'World', domain: 'pictures', language: 'en' });
  const names = ['fox', 'owl', 'elk'];
  await stores.items.saveAll(names.map((name) => newItem(catalogue.id, name)));
  const items = await stores.items.byExternalIds(catalogue.id, names);
  const [fox, owl, elk] = names.map((name) => items.find(({ externalId }) => externalId === name));
  if (!fox || !owl || !elk) throw new Error('the items were not stored');
  const people = [await stores.people.ensure(newPerson()), await stores.people.ensure(newPerson())] as const;
  return {
    ...{ catalogue, people, items: [fox, owl, elk] },
    event: (changes) => ({
      clientEventId: ids.next(),
      personId: people[0].id,
      itemId: fox.id,
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

/** A picture of this author, made by this job, with its item. */
export function newWork(
  { catalogueId, authorId, jobId }: { catalogueId: CatalogueId; authorId: PersonId; jobId: JobId },
  changes: Partial<Work> & { readonly item?: Partial<Item> } = {},
): { work: Work; item: Item } {
  const { item: itemChanges, ...workChanges } = changes;
  const itemId = ids.next() as ItemId;
  const contentHash = ids.next() as MediaHash;
  const createdAt = new Date();
  const item: Item = {
    ...newItem(catalogueId, `work:${itemId}`, {
      origin: 'GENERATED',
      ownerId: authorId,
      mediaHash: contentHash,
    }),
    ...{ id: itemId, createdAt },
    ...itemChanges,
  };
  const work: Work = {
    ...{ itemId, authorId, jobId, contentHash, createdAt, index: 0, kind: 'IMAGE', recipe },
    ...{
      recipeShared: false,
      parentId: null,
      basedOn: [],
      manifest: null,
      verdicts: null,
      modelVersionId: null,
    },
    ...workChanges,
  };
  return { work, item };
}

const recipe: Recipe = {
  ...{ prompt: 'a quiet fox in the snow', seed: 42, steps: 20, guidance: 3, width: 64, height: 64 },
  ...{ style: 'flat', facets: ['animals'], strength: null, provider: 'local', model: 'tiny' },
};

/** A job of this person, not sent anywhere. */
export function newJob(personId: PersonId | null, changes: Partial<NewJob> = {}): NewJob {
  const payload = { catalogueId: ids.next() as CatalogueId, seed: 1, budgetSeconds: 10 };
  return {
    ...{ id: ids.next() as JobId, name: 'train-ranker', personId, payload, maxAttempts: 3 },
    ...{ createdAt: new Date(), deadline: null },
    ...changes,
  };
}

interface NewJob {
  readonly id: JobId;
  readonly name: 'train-ranker';
  readonly personId: PersonId | null;
  readonly payload: TrainRankerPayload;
  readonly maxAttempts: number;
  readonly createdAt: Date;
  readonly deadline: Date | null;
}
