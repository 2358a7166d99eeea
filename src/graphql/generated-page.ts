import type { Item } from '../domain/item.js';

/** A page of generated content in the shape of every connection. */
export function generatedPage(
  edges: readonly { readonly node: Item; readonly cursor: string }[],
  page: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage?: boolean;
    readonly totalCount: number | null;
  },
): object {
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    totalCount: page.totalCount,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage ?? false,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
