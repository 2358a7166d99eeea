/** Which demo person a request is for; the server refuses it in production mode. */
export const PERSON_HEADER = 'X-Vitrine-Person';

export const HTTP_URL = '/graphql';

export function socketUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/graphql`;
}
