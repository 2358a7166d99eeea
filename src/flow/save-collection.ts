import type { Collection } from '../domain/collection.js';
import { DomainError } from '../domain/errors.js';
import type { CollectionId, ItemId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';
import { readableCollection } from './readable-collection.js';
import { visibleItems } from './visible-items.js';

export interface CollectionInput {
  /** Null makes a new one. */
  readonly id: CollectionId | null;
  readonly expectedVersion: number | null;
  readonly name: string | null;
  /** A saved filter as the owner gave it: makes the new collection a smart one. */
  readonly filter: Collection['filter'];
  readonly add: readonly ItemId[];
  readonly remove: readonly ItemId[];
  /** These first, in this order; the others after them as they were. */
  readonly order: readonly ItemId[];
  readonly coverId: ItemId | null;
}

const MAX_ITEMS = 2_000;
const MAX_COLLECTIONS = 500;
const MAX_NAME = 80;

/** Makes or changes a collection of one's own; a change says which version it saw, and is refused when that is not the newest. */
export async function saveCollection(
  ports: Pick<Ports, 'stores' | 'transaction' | 'clock' | 'ids'>,
  viewer: Person,
  input: CollectionInput,
): Promise<Collection> {
  assertSound(input);
  await assertVisibleWorks(ports, viewer, [...input.add, ...(input.coverId === null ? [] : [input.coverId])]);
  return ports.transaction(async (tx) => {
    const before =
      input.id === null
        ? await created(tx, ports, { viewer, input })
        : await changed(tx, ports, { viewer, input });
    if (input.add.length + input.remove.length + input.order.length > 0) await rearrange(tx, before, input);
    const [saved] = await tx.collections.byIds([before.id]);
    if (saved === undefined) throw new Error(`collection ${before.id} went while it was saved`);
    return saved;
  });
}

function assertSound({ id, name, add, remove, order }: CollectionInput): void {
  const length = name?.trim().length ?? 0;
  if ((id === null || name !== null) && (length < 1 || length > MAX_NAME))
    throw new DomainError('INVALID_INPUT', `name: 1 to ${MAX_NAME} characters were wanted, ${length} came`, {
      path: ['input', 'name'],
      constraint: `1..${MAX_NAME}`,
    });
  const most = Math.max(add.length, remove.length, order.length);
  if (most > MAX_ITEMS)
    throw new DomainError('INVALID_INPUT', `at most ${MAX_ITEMS} works at once were wanted, ${most} came`, {
      path: ['input', 'add'],
    });
}

async function assertVisibleWorks(
  ports: Pick<Ports, 'stores'>,
  viewer: Person,
  itemIds: readonly ItemId[],
): Promise<void> {
  if (itemIds.length === 0) return;
  const visible = await visibleItems(ports, viewer, itemIds);
  if (itemIds.every((id) => visible.get(id)?.origin === 'GENERATED')) return;
  throw new DomainError('NOT_FOUND', 'add: works of the gallery were wanted, another id came', {
    path: ['input', 'add'],
  });
}

interface Asked {
  readonly viewer: Person;
  readonly input: CollectionInput;
}

async function created(
  { collections }: Stores,
  { clock, ids }: Pick<Ports, 'clock' | 'ids'>,
  { viewer, input }: Asked,
): Promise<Collection> {
  const at = clock.now();
  if ((await collections.ofPerson(viewer.id, { first: MAX_COLLECTIONS })).length === MAX_COLLECTIONS)
    throw new DomainError(
      'QUOTA_EXCEEDED',
      `at most ${MAX_COLLECTIONS} collections were wanted, one more came`,
    );
  const collection: Collection = {
    ...{ id: ids.next() as CollectionId, ownerId: viewer.id, name: input.name?.trim() ?? '', version: 1 },
    ...{ filter: input.filter, coverId: input.coverId, createdAt: at, updatedAt: at },
  };
  await collections.create(collection);
  return collection;
}

async function changed(
  tx: Stores,
  { clock }: Pick<Ports, 'clock'>,
  { viewer, input }: Asked,
): Promise<Collection> {
  const { id, name, filter, coverId, expectedVersion } = input;
  const before = await readableCollection({ stores: tx }, viewer, id as CollectionId, ['input', 'id']);
  const isNewest = await tx.collections.update(before.id, expectedVersion ?? -1, {
    ...(name === null ? {} : { name: name.trim() }),
    ...(filter === null ? {} : { filter }),
    ...(coverId === null ? {} : { coverId }),
    updatedAt: clock.now(),
  });
  if (isNewest) return before;
  // read again: the change that came first may have been committed after the look above
  const { version } = await readableCollection({ stores: tx }, viewer, before.id, ['input', 'id']);
  const came = expectedVersion === null ? 'none' : String(expectedVersion);
  throw new DomainError('CONFLICT', `expectedVersion: ${version} was wanted, ${came} came`, {
    path: ['input', 'expectedVersion'],
    constraint: String(version),
    currentVersion: version,
  });
}

async function rearrange(
  { collections }: Stores,
  { id, filter }: Collection,
  { add, remove, order }: CollectionInput,
): Promise<void> {
  if (filter !== null)
    throw new DomainError('INVALID_INPUT', 'a collection filled by hand was wanted, a smart one came', {
      path: ['input', 'id'],
    });
  const removed = new Set(remove);
  const held = new Set([...(await collections.itemIds(id)), ...add].filter((itemId) => !removed.has(itemId)));
  const first = [...new Set(order)].filter((itemId) => held.has(itemId));
  const all = [...new Set([...first, ...held])];
  if (all.length > MAX_ITEMS)
    throw new DomainError(
      'QUOTA_EXCEEDED',
      `at most ${MAX_ITEMS} works in a collection were wanted, more came`,
    );
  await collections.setItems(id, all);
}
