interface Edge {
  readonly node: object;
  readonly cursor: string;
}

interface Facts {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage?: boolean;
  /** Null, and so when left out: not counted. */
  readonly totalCount?: number | null;
}

/** One page of a list that is read forwards, in the shape of every connection. */
export function forwardConnection<E extends Edge>(edges: readonly E[], facts: Facts) {
  return {
    edges,
    nodes: edges.map(({ node }): E['node'] => node),
    totalCount: facts.totalCount ?? null,
    pageInfo: {
      hasNextPage: facts.hasNextPage,
      hasPreviousPage: facts.hasPreviousPage ?? false,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
