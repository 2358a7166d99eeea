import { Arg, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { BUNDLE_SIZES } from '../domain/imaging/bundle.js';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Work } from '../domain/work.js';
import { visibleItems } from '../flow/visible-items.js';
import {
  BundleSet,
  CatalogItem,
  Content,
  GeneratedItem,
  GeneratedItemConnection,
  Provenance,
  Recipe,
} from './content.types.js';
import type { ApiContext } from './context.js';
import { MediaPurposeEnum, type MediaPurpose } from './enums.js';
import { forwardConnection } from './forward-connection.js';
import { mediaView } from './media-view.js';
import { Media } from './media.types.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import type { ProvenanceRoot } from './provenance.resolver.js';

@Resolver(() => Content)
export class ContentResolver {
  @FieldResolver(() => Media, { nullable: true })
  async media(
    @Root() { mediaHash }: Item,
    @Arg('purpose', () => MediaPurposeEnum, { defaultValue: 'CARD' }) purpose: MediaPurpose,
    @Ctx() context: ApiContext,
  ): Promise<object | null> {
    const stored = mediaHash === null ? null : await context.loaders.media.load(mediaHash);
    return stored && mediaView(stored, purpose, context);
  }

  @FieldResolver(() => Int)
  favouriteCount(@Root() { id }: Item, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.favouriteCounts.load(id);
  }

  @FieldResolver(() => Boolean)
  viewerHasFavourited(@Root() { id }: Item, @Ctx() { loaders }: ApiContext): Promise<boolean> {
    return loaders.favourites.load(id);
  }

  @FieldResolver(() => Provenance)
  async provenance(@Root() item: Item, @Ctx() { loaders }: ApiContext): Promise<ProvenanceRoot> {
    const [work, media] = await Promise.all([
      item.origin === 'GENERATED' ? loaders.works.load(item.id) : null,
      item.mediaHash === null ? null : loaders.media.load(item.mediaHash),
    ]);
    return { item, work, media };
  }
}

@Resolver(() => CatalogItem)
export class CatalogItemResolver {
  @FieldResolver()
  catalogue(@Root() { catalogueId }: Item, @Ctx() { loaders }: ApiContext) {
    return loaders.catalogues.load(catalogueId);
  }
}

@Resolver(() => GeneratedItem)
export class GeneratedItemResolver {
  @FieldResolver()
  async kind(@Root() { id }: Item, @Ctx() context: ApiContext): Promise<Work['kind']> {
    return (await workOf(id, context)).kind;
  }

  @FieldResolver()
  async viewerIsAuthor(@Root() { ownerId }: Item, @Ctx() { viewerOrNull }: ApiContext): Promise<boolean> {
    return ownerId !== null && ownerId === (await viewerOrNull())?.id;
  }

  @FieldResolver(() => Recipe, { nullable: true })
  async recipe(@Root() { id }: Item, @Ctx() context: ApiContext): Promise<object | null> {
    const { recipe, authorId, recipeShared } = await workOf(id, context);
    if (!recipeShared && (await context.viewerOrNull())?.id !== authorId) return null;
    const { palette = [], model: modelName } = recipe;
    return { ...recipe, palette, modelName, shareable: recipeShared };
  }

  @FieldResolver()
  async verdicts(@Root() { id }: Item, @Ctx() context: ApiContext): Promise<Work['verdicts']> {
    const { verdicts, authorId } = await workOf(id, context);
    return (await context.viewerOrNull())?.id === authorId ? verdicts : null;
  }

  @FieldResolver(() => BundleSet, {
    nullable: true,
    complexity: ({ childComplexity }) => BUNDLE_SIZES.most * (1 + childComplexity),
    description: 'The set that it belongs to; null for every kind but BUNDLE.',
  })
  async bundle(@Root() { id }: Item, @Ctx() context: ApiContext): Promise<object | null> {
    const { kind, recipe, jobId } = await workOf(id, context);
    if (kind !== 'BUNDLE') return null;
    const works = await context.loaders.jobWorks.load(jobId);
    const items = await Promise.all(works.map(({ itemId }) => context.loaders.items.load(itemId)));
    const { palette = [], style } = recipe;
    return { palette, style, items: items.filter((item) => item !== null) };
  }

  @FieldResolver(() => [Content])
  async basedOn(@Root() { id }: Item, @Ctx() context: ApiContext): Promise<Item[]> {
    const { basedOn } = await workOf(id, context);
    return (await Promise.all(basedOn.map((other) => context.loaders.items.load(other)))).filter(
      (item) => item !== null,
    );
  }

  @FieldResolver(() => Content, {
    nullable: true,
    description: 'What this is a remix of, where it may be seen.',
  })
  async parent(@Root() { id }: Item, @Ctx() context: ApiContext): Promise<Item | null> {
    const { parentId } = await workOf(id, context);
    return parentId === null ? null : context.loaders.items.load(parentId);
  }

  @FieldResolver(() => GeneratedItemConnection, { complexity: pageCost(4) })
  async remixes(
    @Root() { id }: Item,
    @Arg('first', () => Int, { defaultValue: 12 }) first: number,
    @Ctx() { ports, viewerOrNull, ids }: ApiContext,
  ): Promise<object> {
    const works = await ports.stores.works.remixesOf(id, pageSize(first) + 1);
    const visible = await visibleItems(
      ports,
      await viewerOrNull(),
      works.map(({ itemId }) => itemId),
    );
    const nodes = works.slice(0, first).flatMap(({ itemId }) => visible.get(itemId) ?? []);
    const edges = nodes.map((node) => ({ node, cursor: ids.seal('Item', node.id) }));
    return forwardConnection(edges, { hasNextPage: works.length > first });
  }
}

async function workOf(id: ItemId, { loaders }: ApiContext): Promise<Work> {
  const work = await loaders.works.load(id);
  if (work === null) throw new Error(`generated item ${id} has no work`);
  return work;
}
