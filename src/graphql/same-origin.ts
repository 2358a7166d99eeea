import type { IncomingMessage } from 'node:http';

/** Browsers say where a page comes from; only our own pages may open a socket. Other programs say nothing and may. */
export function sameOrigin({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * In development everybody who can reach the port may do everything, so a page of another site must not reach it under
 * a name of its own that resolves to this machine (DNS rebinding): the name must be localhost or an address.
 */
export function hostIsLocal({ headers }: IncomingMessage): boolean {
  const name = (headers.host ?? '').replace(/:\d+$/, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^(\d{1,3}\.){3}\d{1,3}$/.test(name) ||
    name.startsWith('[')
  );
}
