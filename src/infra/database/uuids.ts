const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Those that can be an id at all; Postgres refuses the whole statement for one that is not. */
export function uuids<I extends string>(ids: readonly I[]): I[] {
  return ids.filter((id) => UUID.test(id));
}

export function isUuid(id: string): boolean {
  return UUID.test(id);
}
