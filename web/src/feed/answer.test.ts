import { expect, test } from '@jest/globals';
import { withPage, without, type Answer, type FeedEdge } from './answer.js';

const page = (ids: string[], endCursor: string, hasMore = true): Answer => ({
  requestId: 'r',
  edges: ids.map((id) => ({ node: { id } }) as unknown as FeedEdge),
  endCursor,
  hasMore,
  degraded: null,
  profiled: true,
});
const idsOf = ({ edges }: Answer) => edges.map(({ node }) => node.id);

test('the next page goes on where the last one ended', () => {
  const both = withPage(page(['a', 'b'], '2'), page(['c'], '3', false));
  expect(idsOf(both)).toEqual(['a', 'b', 'c']);
  expect(both).toMatchObject({ endCursor: '3', hasMore: false });
});

test('a page that comes twice changes nothing', () => {
  const once = withPage(page(['a', 'b'], '2'), page(['c'], '3'));
  expect(idsOf(withPage(once, page(['c'], '3')))).toEqual(['a', 'b', 'c']);
});

test('what was hidden is gone, the others keep their order', () => {
  expect(idsOf(without(page(['a', 'b', 'c'], '3'), 'b'))).toEqual(['a', 'c']);
});
