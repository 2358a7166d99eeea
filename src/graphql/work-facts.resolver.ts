import { Arg, Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql';
import type { Item } from '../domain/item.js';
import { visibleItems } from '../flow/visible-items.js';
import { GeneratedItem, GeneratedItemConnection } from './content.types.js';
import type { ApiContext } from './context.js';
import { forwardConnection } from './forward-connection.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';

/** What people made of a work: ratings, labels and the stack it stands in. */
@Resolver(() => GeneratedItem)
export class WorkFactsResolver {
  @FieldResolver(() => Float, { nullable: true })
  async rating(@Root() { id }: Item, @Ctx() { loaders }: ApiContext): Promise<number | null> {
    return (await loaders.ratings.load(id))?.mean ?? null;
  }

  @FieldResolver(() => Int)
  async ratingCount(@Root() { id }: Item, @Ctx() { loaders }: ApiContext): Promise<number> {
    return (await loaders.ratings.load(id))?.count ?? 0;
  }

  @FieldResolver(() => Int, { nullable: true })
  viewerRating(@Root() { id }: Item, @Ctx() { loaders }: ApiContext): Promise<number | null> {
    return loaders.ownRatings.load(id);
  }

  @FieldResolver(() => [String], { nullable: true })
  tags(@Root() { id }: Item, @Ctx() { loaders }: ApiContext): Promise<readonly string[] | null> {
    return loaders.ownTags.load(id);
  }

  @FieldResolver(() => Int)
  async stackSize(@Root() { id }: Item, @Ctx() { loaders }: ApiContext): Promise<number> {
    return Math.max(1, (await loaders.stackSizes.load(id)) ?? 1);
  }

  @FieldResolver(() => GeneratedItemConnection, {
    complexity: pageCost(4),
    description: 'Its near-equals and what was made in the same job, best rated first.',
  })
  async variants(
    @Root() { id }: Item,
    @Arg('first', () => Int, { defaultValue: 12 }) first: number,
    @Ctx() { ids, ports, viewerOrNull }: ApiContext,
  ): Promise<object> {
    const viewer = await viewerOrNull();
    const found = await ports.stores.stacks.variantsOf(viewer?.id ?? null, id, pageSize(first) + 1);
    const visible = await visibleItems(ports, viewer, found);
    const nodes = found.slice(0, first).flatMap((itemId) => visible.get(itemId) ?? []);
    const edges = nodes.map((node) => ({ node, cursor: ids.seal('Item', node.id) }));
    return forwardConnection(edges, { hasNextPage: found.length > first });
  }
}
