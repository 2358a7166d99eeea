import { useSyncExternalStore } from 'react';

const PAGES = ['feed', 'gallery', 'profile', 'shared', 'webhooks'] as const;
export type Page = (typeof PAGES)[number];

export interface Route {
  readonly page: Page;
  /** Item whose sheet is open over the page. */
  readonly item: string | null;
  /** The studio is open; with an item id it is open to remix that one. */
  readonly studio: boolean;
  readonly remix: string | null;
  /** The gallery shows what looks like this one. */
  readonly like: string | null;
  /** A shared collection’s token. */
  readonly link: string | null;
}

/** Everything after the `#`: works on any server, with no rewrite rule. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const params = new URLSearchParams(query);
  return {
    page: PAGES.find((page) => page === path) ?? 'feed',
    item: params.get('item'),
    studio: params.has('studio'),
    remix: params.get('remix'),
    like: params.get('like'),
    link: params.get('link'),
  };
}

export function hrefOf(route: Partial<Route>): string {
  const params = new URLSearchParams();
  if (route.item) params.set('item', route.item);
  if (route.studio) params.set('studio', '1');
  if (route.remix) params.set('remix', route.remix);
  if (route.like) params.set('like', route.like);
  if (route.link) params.set('link', route.link);
  const query = params.toString();
  const path = route.page === undefined || route.page === 'feed' ? '' : route.page;
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

/** What is open over a page closes; what the page itself shows stays, unless another page is gone to. */
export function goTo(route: Partial<Route>): void {
  const { page, like, link } = parseRoute(window.location.hash);
  const stays = route.page === undefined || route.page === page ? { page, like, link } : {};
  window.location.hash = hrefOf({ ...stays, ...route });
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => {
    window.removeEventListener('hashchange', onChange);
  };
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parseRoute(hash);
}
