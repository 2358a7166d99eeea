import { Arg, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Catalogue as StoredCatalogue } from '../domain/item.js';
import { attributeValues } from '../flow/attribute-values.js';
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

  @Authorized('VIEWER')
  @FieldResolver(() => [String], {
    complexity: 10,
    description:
      'Values of a named fact, or of topic, most frequent first, at most 50: e.g. styles to choose from.',
  })
  values(
    @Root() { id }: StoredCatalogue,
    @Arg('attribute', () => String) attribute: string,
    @Ctx() { ports }: ApiContext,
  ): Promise<string[]> {
    return attributeValues(ports, id, attribute);
  }
}
