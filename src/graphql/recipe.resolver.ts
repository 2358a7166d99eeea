import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Item } from '../domain/item.js';
import type { Recipe as StoredRecipe } from '../domain/work.js';
import { Content, Recipe } from './content.types.js';
import type { ApiContext } from './context.js';

@Resolver(() => Recipe)
export class RecipeResolver {
  @FieldResolver(() => [Content], {
    description:
      'Real items near what was imagined for the person, from which the brief was made without words; empty where words or recent choices gave it.',
  })
  async nearest(
    @Root() { nearest = [] }: Pick<StoredRecipe, 'nearest'>,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Item[]> {
    const items = await Promise.all(nearest.map((id) => loaders.items.load(id)));
    return items.filter((item) => item !== null);
  }
}
