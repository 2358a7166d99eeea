import { Arg, Authorized, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import type { Visibility } from '../domain/item.js';
import { rateWork } from '../flow/rate-work.js';
import { setFavourite } from '../flow/set-favourite.js';
import { setVisibility } from '../flow/set-visibility.js';
import { tagWorks } from '../flow/tag-works.js';
import type { ApiContext } from './context.js';
import { VisibilityEnum } from './enums.js';
import { ItemResult } from './gallery.types.js';

@Resolver()
export class GalleryActionsResolver {
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
  @Mutation(() => ItemResult.type, {
    description: '1 to 5, or null to take it back. Safe to repeat; a rating also counts as an event.',
  })
  rateItem(
    @Arg('itemId', () => ID) itemId: string,
    @Arg('value', () => Int, { nullable: true }) value: number | null,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<object> {
    return ItemResult.settle(async () => ({
      item: await rateWork(ports, await viewer(), ids.open('Item', itemId, ['itemId']), value),
    }));
  }

  @Authorized('VIEWER')
  @Mutation(() => ItemResult.type, { description: 'Labels a work of one’s own; nobody else sees them.' })
  tagItem(
    @Arg('itemId', () => ID) itemId: string,
    @Arg('add', () => [String], { defaultValue: [] }) add: string[],
    @Arg('remove', () => [String], { defaultValue: [] }) remove: string[],
    @Ctx() { ids, loaders, ports, viewer }: ApiContext,
  ): Promise<object> {
    return ItemResult.settle(async () => {
      const id = ids.open('Item', itemId, ['itemId']);
      await tagWorks(ports, await viewer(), [id], { add, remove });
      return { item: await loaders.items.load(id) };
    });
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
}
