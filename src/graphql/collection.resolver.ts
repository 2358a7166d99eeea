import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { isOpen, type Collection as Stored, type ShareLink as StoredLink } from '../domain/collection.js';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Person } from '../domain/person.js';
import { collectionWorks } from '../flow/collection-works.js';
import { readableCollection } from '../flow/readable-collection.js';
import { saveCollection } from '../flow/save-collection.js';
import { assertFilter } from '../flow/search-gallery.js';
import { revokeShareLink, shareCollection, sharedCollection } from '../flow/share-collection.js';
import {
  Collection,
  CollectionConnection,
  CollectionInput,
  CollectionResult,
  RemovedResult,
  SharedCollection,
  ShareLink,
  ShareLinkResult,
} from './collection.types.js';
import { GeneratedItem, GeneratedItemConnection } from './content.types.js';
import type { ApiContext } from './context.js';
import { forwardConnection } from './forward-connection.js';
import type { GalleryFilter } from './gallery.types.js';
import { openedFilter, savedFilter } from './gallery-filter.js';
import { ifGiven, onlyGiven } from './given.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { Viewer } from './person.types.js';

interface SharedRoot {
  readonly collection: Stored;
  readonly link: StoredLink;
}

@Resolver(() => Collection)
export class CollectionResolver {
  @Authorized('VIEWER')
  @Mutation(() => CollectionResult.type, {
    description: 'Makes a collection of one’s own, or changes one: name, works, order by hand, cover.',
  })
  saveCollection(@Arg('input', () => CollectionInput) input: CollectionInput, @Ctx() context: ApiContext) {
    return CollectionResult.settle(async () => {
      const { ids, ports } = context;
      const viewer = await context.viewer();
      const open = (field: string) => (id: string) => ids.open('Item', id, ['input', field]);
      return {
        collection: await saveCollection(ports, viewer, {
          id: ifGiven(input.id, (id) => ids.open('Collection', id, ['input', 'id'])),
          expectedVersion: input.expectedVersion ?? null,
          name: input.name ?? null,
          filter: await checkedFilter(input, viewer, context),
          add: input.add.map(open('add')),
          remove: input.remove.map(open('remove')),
          order: input.order.map(open('order')),
          coverId: ifGiven(input.coverId, open('coverId')),
        }),
      };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => RemovedResult.type, { description: 'The collection goes, its works stay.' })
  removeCollection(@Arg('id', () => ID) id: string, @Ctx() { ids, ports, viewer }: ApiContext) {
    return RemovedResult.settle(async () => {
      const collectionId = ids.open('Collection', id);
      await readableCollection(ports, await viewer(), collectionId, ['id']);
      await ports.stores.collections.remove(collectionId);
      return { removedId: id };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => ShareLinkResult.type, { description: 'Makes a link that whoever has it can open.' })
  shareCollection(
    @Arg('id', () => ID) id: string,
    @Arg('days', () => Int, { defaultValue: 30, description: '1 to 365.' }) days: number,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ) {
    return ShareLinkResult.settle(async () => {
      const person = await viewer();
      const collectionId = ids.open('Collection', id);
      const link = await shareCollection(ports, person, { id: collectionId, days });
      return { link, collection: await readableCollection(ports, person, collectionId, ['id']) };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => CollectionResult.type, { description: 'Closes a link for good. Safe to repeat.' })
  revokeShareLink(@Arg('token', () => ID) token: string, @Ctx() { ids, ports, viewer }: ApiContext) {
    return CollectionResult.settle(async () => {
      const linkId = ids.open('ShareLink', token, ['token']);
      return { collection: await revokeShareLink(ports, await viewer(), linkId) };
    });
  }

  @Query(() => SharedCollection, {
    nullable: true,
    description: 'What a share link opens; null once it ended or was taken back.',
  })
  async sharedCollection(
    @Arg('token', () => ID) token: string,
    @Ctx() { ids, ports }: ApiContext,
  ): Promise<SharedRoot | null> {
    const found = ids.peek(token);
    return found?.kind === 'ShareLink' ? sharedCollection(ports, ids.open('ShareLink', token)) : null;
  }

  @FieldResolver()
  smartFilter(@Root() { filter }: Stored): object | null {
    return filter;
  }

  @FieldResolver(() => GeneratedItem, { nullable: true })
  async cover(@Root() collection: Stored, @Ctx() context: ApiContext): Promise<Item | null> {
    const chosen = collection.coverId === null ? null : await context.loaders.items.load(collection.coverId);
    if (chosen !== null) return chosen;
    const { items } = await worksOf(
      collection,
      { first: 1, after: null, viewerId: collection.ownerId },
      context,
    );
    return items[0]?.item ?? null;
  }

  @FieldResolver(() => [ShareLink])
  async links(@Root() { id }: Stored, @Ctx() { ports }: ApiContext): Promise<StoredLink[]> {
    const now = ports.clock.now();
    return (await ports.stores.collections.links(id)).filter((link) => isOpen(link, now));
  }

  @FieldResolver(() => GeneratedItemConnection, { complexity: pageCost(4) })
  items(
    @Root() collection: Stored,
    @Arg('first', () => Int, { defaultValue: 30 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return worksPage(collection, { first, after, viewerId: collection.ownerId }, context);
  }
}

@Resolver(() => SharedCollection)
export class SharedCollectionResolver {
  @FieldResolver()
  name(@Root() { collection }: SharedRoot): string {
    return collection.name;
  }

  @FieldResolver()
  async ownerName(@Root() { collection }: SharedRoot, @Ctx() { ports }: ApiContext): Promise<string> {
    return (await ports.stores.people.byId(collection.ownerId))?.displayName ?? '';
  }

  @FieldResolver()
  expiresAt(@Root() { link }: SharedRoot): Date {
    return link.expiresAt;
  }

  @FieldResolver(() => GeneratedItemConnection, { complexity: pageCost(4) })
  items(
    @Root() { collection }: SharedRoot,
    @Arg('first', () => Int, { defaultValue: 30 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return worksPage(collection, { first, after, viewerId: null }, context);
  }
}

@Resolver(() => ShareLink)
export class ShareLinkResolver {
  @FieldResolver()
  token(@Root() { id }: StoredLink, @Ctx() { ids }: ApiContext): string {
    return ids.seal('ShareLink', id);
  }

  @FieldResolver()
  url(@Root() { id }: StoredLink, @Ctx() { ids }: ApiContext): string {
    return `/#/shared?link=${ids.seal('ShareLink', id)}`;
  }
}

@Resolver(() => Viewer)
export class ViewerCollectionsResolver {
  @FieldResolver(() => CollectionConnection, { complexity: pageCost(2) })
  async collections(
    @Root() { id: ownerId }: Person,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { ids, ports }: ApiContext,
  ): Promise<object> {
    const place = ifGiven(after, (cursor) => ids.open('Collection', cursor, ['after']));
    const wish = { first: pageSize(first) + 1, ...onlyGiven({ after: place }) };
    const found = await ports.stores.collections.ofPerson(ownerId, wish);
    const edges = found.slice(0, first).map((node) => ({ node, cursor: ids.seal('Collection', node.id) }));
    return forwardConnection(edges, { hasNextPage: found.length > first, hasPreviousPage: place !== null });
  }
}

/** Checked now, stored as it was given: ids stay sealed, so that a stored filter opens like a sent one. */
async function checkedFilter(
  { smartFilter }: CollectionInput,
  viewer: Person,
  { ids, ports }: ApiContext,
): Promise<Stored['filter']> {
  if (!smartFilter) return null;
  await assertFilter(ports, viewer, openedFilter(smartFilter, ids));
  return { ...onlyGiven<Partial<GalleryFilter>>(smartFilter) };
}

interface PageWish {
  readonly first: number;
  readonly after: string | null | undefined;
  /** Null: whoever has a link. */
  readonly viewerId: Person['id'] | null;
}

function worksOf(collection: Stored, { first, after, viewerId }: PageWish, { ids, ports }: ApiContext) {
  const place = ifGiven(after, (cursor) => {
    const [key = '', itemId = ''] = ids.open('GalleryPlace', cursor, ['after']).split('|');
    return { key, itemId: itemId as ItemId };
  });
  return collectionWorks(ports, {
    ...{ collection, viewerId, first: pageSize(first), after: place },
    filter: collection.filter === null ? null : savedFilter(collection, ids),
  });
}

async function worksPage(collection: Stored, wish: PageWish, context: ApiContext): Promise<object> {
  const { items, hasNext } = await worksOf(collection, wish, context);
  const edges = items.map(({ item, place }) => ({
    node: item,
    cursor: context.ids.seal('GalleryPlace', `${place.key}|${place.itemId}`),
  }));
  return forwardConnection(edges, { hasNextPage: hasNext, hasPreviousPage: Boolean(wish.after) });
}
