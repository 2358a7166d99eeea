import {
  Arg,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { ItemId } from '../domain/ids.js';
import type { Item, Visibility } from '../domain/item.js';
import { followGallery } from '../flow/follow-gallery.js';
import type { GalleryChange as StoredChange, GalleryFilter as Filter } from '../flow/ports/stores.js';
import { searchGallery } from '../flow/search-gallery.js';
import { setFavourite } from '../flow/set-favourite.js';
import { setVisibility } from '../flow/set-visibility.js';
import { abortable } from './abortable.js';
import { GeneratedItemConnection } from './content.types.js';
import type { ApiContext } from './context.js';
import { GalleryOrderEnum, VisibilityEnum, type GalleryOrder } from './enums.js';
import { GalleryChange, GalleryFilter, ItemResult } from './gallery.types.js';
import { generatedPage } from './generated-page.js';
import type { IdSeal } from './ids.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { Cursor } from './scalars.js';

@Resolver(() => GalleryChange)
export class GalleryResolver {
  @Authorized('VIEWER')
  @Query(() => GeneratedItemConnection, {
    complexity: pageCost(4),
    description: 'One’s own works and everybody’s public ones that match the whole filter.',
  })
  async gallery(
    @Arg('filter', () => GalleryFilter, { nullable: true }) filter: GalleryFilter | null,
    @Arg('order', () => GalleryOrderEnum, { defaultValue: 'NEWEST' }) _order: GalleryOrder,
    @Arg('first', () => Int, { defaultValue: 30 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    const { ids, loaders, ports } = context;
    const page = { first: pageSize(first), ...(after == null ? {} : { after: galleryPlace(ids, after) }) };
    const found = await searchGallery(ports, await context.viewer(), galleryFilter(filter ?? {}, ids), page);
    const edges = found.works.map(({ item, ...work }) => {
      loaders.works.prime(item.id, work);
      return { node: item, cursor: ids.seal('GalleryPlace', `${work.createdAt.toISOString()}|${item.id}`) };
    });
    return generatedPage(edges, {
      hasNextPage: found.hasNext,
      hasPreviousPage: after != null,
      totalCount: found.total,
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => ItemResult.type, { description: 'Safe to repeat; marking also counts as an event.' })
  setFavourite(
    @Arg('itemId', () => ID) itemId: string,
    @Arg('on', () => Boolean) on: boolean,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<object> {
    return ItemResult.settle(async () => ({
      item: await setFavourite(ports, await viewer(), ids.open('Item', itemId, ['itemId']), on),
    }));
  }

  @Authorized('VIEWER')
  @Mutation(() => ItemResult.type, { description: 'Shares or withdraws a work of one’s own.' })
  setVisibility(
    @Arg('itemId', () => ID) itemId: string,
    @Arg('visibility', () => VisibilityEnum) visibility: Visibility,
    @Arg('shareRecipe', () => Boolean, { nullable: true }) shareRecipe: boolean | null,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<object> {
    return ItemResult.settle(async () => ({
      item: await setVisibility(ports, await viewer(), ids.open('Item', itemId, ['itemId']), {
        visibility,
        shareRecipe: shareRecipe ?? null,
      }),
    }));
  }

  @Authorized('VIEWER')
  @Subscription(() => GalleryChange, {
    description: 'Works that come, change and go, after the cursor (left out: from now on), then live.',
    subscribe: ({ args, context }) => follow(args as { after?: string | null }, context as ApiContext),
  })
  galleryChanges(
    @Root() change: StoredChange,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
  ): StoredChange {
    return change;
  }

  @FieldResolver()
  cursor(@Root() { seq }: StoredChange, @Ctx() { ids }: ApiContext): string {
    return ids.seal('GalleryCursor', String(seq));
  }

  @FieldResolver()
  itemId(@Root() { itemId }: StoredChange, @Ctx() { ids }: ApiContext): string {
    return ids.seal('Item', itemId);
  }

  @FieldResolver()
  item(@Root() { itemId }: StoredChange, @Ctx() { loaders }: ApiContext): Promise<Item | null> {
    return loaders.items.clear(itemId).load(itemId); // a subscription lives long: never show what was true before
  }
}

async function follow(
  { after }: { after?: string | null },
  { ids, ports, viewer }: ApiContext,
): Promise<AsyncIterableIterator<StoredChange>> {
  const person = await viewer();
  const seq = after == null ? null : BigInt(ids.open('GalleryCursor', after, ['after']));
  return abortable((signal) => followGallery(ports, person, seq, signal));
}

function galleryPlace(ids: IdSeal, after: string): { createdAt: Date; itemId: ItemId } {
  const [createdAt = '', itemId = ''] = ids.open('GalleryPlace', after, ['after']).split('|');
  return { createdAt: new Date(createdAt), itemId: itemId as ItemId };
}

/** Null means the same as left out. */
function galleryFilter({ modelVersionIds, ...rest }: GalleryFilter, ids: IdSeal): Filter {
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value != null)) as Filter;
  if (modelVersionIds == null) return given;
  const opened = modelVersionIds.map((id) => ids.open('ModelVersion', id, ['filter', 'modelVersionIds']));
  return { ...given, modelVersionIds: opened };
}
