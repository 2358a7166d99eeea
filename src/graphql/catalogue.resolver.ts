import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Catalogue as StoredCatalogue } from '../domain/item.js';
import { Catalogue } from './catalogue.types.js';
import type { ApiContext } from './context.js';

@Resolver(() => Catalogue)
export class CatalogueResolver {
  @Query(() => [Catalogue])
  catalogues(@Ctx() { ports }: ApiContext): Promise<StoredCatalogue[]> {
    return ports.stores.catalogues.all();
  }

  @FieldResolver()
  itemCount(@Root() { id }: StoredCatalogue, @Ctx() { loaders }: ApiContext): Promise<number> {
    return loaders.itemCounts.load(id);
  }
}
