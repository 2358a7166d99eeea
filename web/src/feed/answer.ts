import { asSentence } from '../api/sentence-of.js';
import type { FeedQuery } from '../generated/graphql.js';

type Connection = FeedQuery['recommendations'];
export type FeedEdge = Connection['edges'][number];

/** One answer of the server with all pages of it that were read so far; its order never changes. */
export interface Answer {
  readonly requestId: string;
  readonly edges: readonly FeedEdge[];
  readonly endCursor: string | null;
  readonly hasMore: boolean;
  readonly degraded: string | null;
  readonly profiled: boolean;
}

export function answerOf(connection: Connection): Answer {
  return {
    requestId: connection.requestId,
    edges: connection.edges,
    endCursor: connection.pageInfo.endCursor ?? null,
    hasMore: connection.pageInfo.hasNextPage,
    degraded: connection.degraded ? asSentence(connection.degraded.reason) : null,
    profiled: connection.profiled,
  };
}

/** Appends the next page of the same answer; a page that came twice changes nothing. */
export function withPage(answer: Answer, page: Answer): Answer {
  const known = new Set(answer.edges.map(({ node }) => node.id));
  const edges = [...answer.edges, ...page.edges.filter(({ node }) => !known.has(node.id))];
  return { ...answer, edges, endCursor: page.endCursor, hasMore: page.hasMore };
}

export function without(answer: Answer, itemId: string): Answer {
  return { ...answer, edges: answer.edges.filter(({ node }) => node.id !== itemId) };
}

/** Where a card stood, as events quote it. */
export function placeOf({ node, position }: FeedEdge, requestId: string | null) {
  return { contentId: node.id, requestId, position };
}
