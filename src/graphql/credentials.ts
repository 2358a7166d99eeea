import type { IncomingMessage } from 'node:http';
import type { Credentials } from './auth.js';

export const SESSION_COOKIE = 'vitrine_session';
export const SESSION_HEADER = 'x-vitrine-session';

/** Who a request says it is; nothing is believed yet. */
export function credentialsOf({ headers }: IncomingMessage): Credentials {
  const authorization = headers.authorization ?? '';
  return {
    bearer: /^Bearer /i.test(authorization) ? authorization.slice('Bearer '.length) : null,
    session: single(headers[SESSION_HEADER]) ?? cookieOf(headers.cookie),
    demoPerson: single(headers['x-vitrine-person']),
  };
}

/** The session in a Cookie header; null when there is none. */
export function cookieOf(header: string | undefined): string | null {
  const prefix = `${SESSION_COOKIE}=`;
  const pair = (header ?? '').split(/;\s*/).find((part) => part.startsWith(prefix));
  return pair === undefined ? null : pair.slice(prefix.length);
}

const single = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null;
