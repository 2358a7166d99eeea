import { Arg, Authorized, Ctx, FieldResolver, Resolver, Root, Subscription } from 'type-graphql';
import type { Item } from '../domain/item.js';
import { followGallery } from '../flow/follow-gallery.js';
import type { GalleryChange as StoredChange } from '../flow/ports/stores.js';
import { abortable } from './abortable.js';
import type { ApiContext } from './context.js';
import { galleryFilter } from './gallery-filter.js';
import { GalleryChange, GalleryFilter } from './gallery.types.js';
import { ifGiven } from './given.js';
import { Cursor } from './scalars.js';

interface FollowArgs {
  readonly filter?: GalleryFilter | null;
  readonly after?: string | null;
}

@Resolver(() => GalleryChange)
export class GalleryChangesResolver {
  @Authorized('VIEWER')
  @Subscription(() => GalleryChange, {
    description: 'Works that come, change and go, after the cursor (left out: from now on), then live.',
    subscribe: ({ args, context }) => follow(args as FollowArgs, context as ApiContext),
  })
  galleryChanges(
    @Arg('filter', () => GalleryFilter, { nullable: true }) _filter: GalleryFilter | null,
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
  item(@Root() { itemId, kind }: StoredChange, @Ctx() { loaders }: ApiContext): Promise<Item | null> | null {
    return kind === 'REMOVED' ? null : loaders.items.load(itemId);
  }
}

async function follow(
  { filter, after }: FollowArgs,
  context: ApiContext,
): Promise<AsyncIterableIterator<StoredChange>> {
  const person = await context.viewer();
  const seq = ifGiven(after, (cursor) => BigInt(context.ids.open('GalleryCursor', cursor, ['after'])));
  const opened = await galleryFilter(filter, context);
  return abortable((signal) => followGallery(context.ports, person, { filter: opened, after: seq, signal }));
}
