import type { ItemQuery } from '../generated/graphql.js';

/** An item with all that its sheet shows; a node of another kind is none. */
export type ItemInFull = Extract<NonNullable<ItemQuery['node']>, { readonly title: string }>;
export type CatalogueItemInFull = Extract<ItemInFull, { readonly __typename?: 'CatalogItem' }>;
export type GeneratedItemInFull = Extract<ItemInFull, { readonly __typename?: 'GeneratedItem' }>;

export function itemOf(data: ItemQuery | undefined): ItemInFull | null {
  const node = data?.node;
  return node?.__typename === 'CatalogItem' || node?.__typename === 'GeneratedItem' ? node : null;
}
