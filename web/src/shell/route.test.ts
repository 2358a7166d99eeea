import { expect, test } from '@jest/globals';
import { hrefOf, parseRoute } from './route.js';

test('a route survives its address', () => {
  const route = { page: 'gallery', item: 'AQ/=&', studio: true, remix: 'x', like: 'y', link: 'z' } as const;
  expect(parseRoute(hrefOf(route))).toEqual(route);
});

test('every page has an address of its own', () => {
  const pages = ['feed', 'gallery', 'profile', 'shared', 'webhooks'] as const;
  expect(pages.map((page) => parseRoute(hrefOf({ page })).page)).toEqual(pages);
});

test('an unknown page is the feed', () => {
  const nothing = { item: null, studio: false, remix: null, like: null, link: null };
  expect(parseRoute('#/nowhere')).toEqual({ page: 'feed', ...nothing });
});
