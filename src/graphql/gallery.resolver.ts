import {
  Arg,
  Args,
  ArgsType,
  Field,
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
import { ifGiven, onlyGiven } from './given.js';
import type { IdSeal } from './ids.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { Cursor } from './scalars.js';

@ArgsType()
class GalleryArgs {
  @Field(() => GalleryFilter, { nullable: true })
  filter?: GalleryFilter | null;
  @Field(() => GalleryOrderEnum, { defaultValue: 'NEWEST' })
  order!: GalleryOrder;
  @Field(() => Int, { defaultValue: 30, description: '1 to 100.' })
  first!: number;
  @Field(() => String, { nullable: true })
  after?: string | null;
}

@Resolver(() => GalleryChange)
export class GalleryResolver {
  @Authorized('VIEWER')
  @Query(() => GeneratedItemConnection, {
    complexity: pageCost(4),
    description: 'One’s own works and everybody’s public ones that match the whole filter.',
  })
  async gallery(@Args(() => GalleryArgs) args: GalleryArgs, @Ctx() context: ApiContext): Promise<object> {
    const { ids, loaders, ports } = context;
    const place = ifGiven(args.after, (cursor) => galleryPlace(ids, cursor));
    const page = { first: pageSize(args.first), ...onlyGiven({ after: place }) };
    const found = await searchGallery(
      ports,
      await context.viewer(),
      galleryFilter(args.filter ?? null, ids),
      page,
    );
    const edges = found.works.map(({ item, ...work }) => {
      loaders.works.prime(item.id, work);
      return { node: item, cursor: ids.seal('GalleryPlace', `${work.createdAt.toISOString()}|${item.id}`) };
    });
    return generatedPage(edges, {
      hasNextPage: found.hasNext,
      hasPreviousPage: place !== null,
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
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() change: StoredChange,
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
    return loaders.items.load(itemId);
  }
}

async function follow(
  { after }: { after?: string | null },
  { ids, ports, viewer }: ApiContext,
): Promise<AsyncIterableIterator<StoredChange>> {
  const person = await viewer();
  const seq = ifGiven(after, (cursor) => BigInt(ids.open('GalleryCursor', cursor, ['after'])));
  return abortable((signal) => followGallery(ports, person, seq, signal));
}

function galleryPlace(ids: IdSeal, after: string): { createdAt: Date; itemId: ItemId } {
  const [createdAt = '', itemId = ''] = ids.open('GalleryPlace', after, ['after']).split('|');
  return { createdAt: new Date(createdAt), itemId: itemId as ItemId };
}

function galleryFilter(filter: GalleryFilter | null, ids: IdSeal): Filter {
  const { modelVersionIds, ...rest } = onlyGiven<Partial<GalleryFilter>>(filter ?? {});
  const opened = modelVersionIds?.map((id) => ids.open('ModelVersion', id, ['filter', 'modelVersionIds']));
  return { ...rest, ...onlyGiven({ modelVersionIds: opened }) };
}
