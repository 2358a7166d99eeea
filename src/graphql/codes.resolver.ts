import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { codePanel, movedCodes, type MovedCode as StoredMove } from '../flow/code-panel.js';
import { CodeExample, CodeHealth, MovedCode, MovedCodeConnection } from './codes.types.js';
import { CatalogItem } from './content.types.js';
import type { ApiContext } from './context.js';
import { forwardConnection } from './forward-connection.js';
import { ifGiven } from './given.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';

/** Reading an artefact costs as much as a long page: tens of megabytes are opened. */
const ARTEFACT_COST = 200;

@Resolver()
export class CodesResolver {
  @Authorized('ANALYST')
  @Query(() => CodeHealth, {
    nullable: true,
    description: 'How healthy the codes of a ranker are, and what changed. Null for a model without codes.',
    complexity: ({ childComplexity }) => ARTEFACT_COST + childComplexity,
  })
  async codeHealth(
    @Arg('modelId', () => ID) modelId: string,
    @Ctx() { ids, ports }: ApiContext,
  ): Promise<object | null> {
    const panel = await codePanel(ports, ids.open('ModelVersion', modelId, ['modelId']));
    return panel && { ...panel, ...panel.health };
  }

  @Authorized('ANALYST')
  @Query(() => MovedCodeConnection, {
    description: 'Items whose code a refresh changed: old and new code, in a fixed order.',
    complexity: pageCost(ARTEFACT_COST),
  })
  async movedCodes(
    @Arg('modelId', () => ID) modelId: string,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { ids, ports }: ApiContext,
  ): Promise<object> {
    const size = pageSize(first);
    const from = ifGiven(after, (cursor) => ids.open('Item', cursor, ['after']));
    const all = await movedCodes(ports, ids.open('ModelVersion', modelId, ['modelId']));
    const left = from === null ? all : all.filter(({ itemId }) => itemId > from);
    const edges = left
      .slice(0, size)
      .map((node) => ({ node, cursor: ids.seal('Item', node.itemId as ItemId) }));
    return forwardConnection(edges, {
      hasNextPage: left.length > size,
      hasPreviousPage: left.length < all.length,
      totalCount: all.length,
    });
  }
}

@Resolver(() => MovedCode)
export class MovedCodeResolver {
  @FieldResolver()
  content(@Root() { itemId }: StoredMove, @Ctx() { loaders }: ApiContext): Promise<Item | null> {
    return loaders.items.load(itemId as ItemId);
  }
}

@Resolver(() => CodeExample)
export class CodeExampleResolver {
  @FieldResolver()
  content(@Root() { itemId }: { itemId: string }, @Ctx() { loaders }: ApiContext): Promise<Item | null> {
    return loaders.items.load(itemId as ItemId);
  }
}

@Resolver(() => CatalogItem)
export class SemanticIdResolver {
  @FieldResolver(() => [Int], {
    nullable: true,
    complexity: 5,
    description:
      'The code by which the ranker knows the item, coarse digits first. Null where the ranker that answers has no codes, or none for it yet.',
  })
  async semanticId(
    @Root() { id, catalogueId }: Item,
    @Ctx() { ports }: ApiContext,
  ): Promise<readonly number[] | null> {
    const { ranker, numberOf } = await ports.rankers.view(catalogueId);
    return ifGiven(numberOf.get(id), (number) => ranker.semanticId(number));
  }
}
