import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Item } from '../domain/item.js';
import { imagine } from '../flow/imagine.js';
import type { ApiContext } from './context.js';
import { ifGiven } from './given.js';
import { ImaginedNeighbour, ImagineResult } from './imagine.types.js';
import { pageCost } from './page-cost.js';

@Resolver()
export class ImagineResolver {
  @Authorized('VIEWER')
  @Query(() => ImagineResult.type, {
    complexity: pageCost(15),
    description:
      'What this person would want next if it could be anything. Refused where personalisation is switched off; a Conflict where there is no trained ranker, or nothing to imagine from.',
  })
  imagine(
    @Arg('catalogueId', () => ID, { nullable: true, description: 'Left out: the first catalogue.' })
    catalogueId: string | null,
    @Arg('first', () => Int, { defaultValue: 12, description: 'Real items to name, 1 to 100.' })
    first: number,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    const { ids, ports } = context;
    return ImagineResult.settle(async () =>
      imagine(ports, {
        viewer: await context.viewer(),
        catalogueId: ifGiven(catalogueId, (id) => ids.open('Catalogue', id, ['catalogueId'])),
        first,
      }),
    );
  }
}

@Resolver(() => ImaginedNeighbour)
export class ImaginedNeighbourResolver {
  @FieldResolver()
  node(@Root() { item }: { readonly item: Item }, @Ctx() { loaders }: ApiContext): Promise<Item | null> {
    return loaders.items.load(item.id);
  }
}
