import { useSyncExternalStore } from 'react';

export type Page = 'feed' | 'gallery' | 'profile';

export interface Route {
  readonly page: Page;
  /** Item whose sheet is open over the page. */
  readonly item: string | null;
  /** The studio is open; with an item id it is open to remix that one. */
  readonly studio: boolean;
  readonly remix: string | null;
}

/** Everything after the `#`: works on any server, with no rewrite rule. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const params = new URLSearchParams(query);
  return {
    page: path === 'gallery' || path === 'profile' ? path : 'feed',
    item: params.get('item'),
    studio: params.has('studio'),
    remix: params.get('remix'),
  };
}

export function hrefOf(route: Partial<Route>): string {
  const params = new URLSearchParams();
  if (route.item) params.set('item', route.item);
  if (route.studio) params.set('studio', '1');
  if (route.remix) params.set('remix', route.remix);
  const query = params.toString();
  const path = route.page === undefined || route.page === 'feed' ? '' : route.page;
  return `#/${path}${query === '' ? '' : `?${query}`}`;
}

export function goTo(route: Partial<Route>): void {
  window.location.hash = hrefOf({ page: parseRoute(window.location.hash).page, ...route });
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
