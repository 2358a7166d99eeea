/** What the network says when nobody is there, or is there no longer. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);
/** What Postgres says while it stops or starts: admin_shutdown, crash_shutdown, cannot_connect_now; class 08 are broken connections. */
const POSTGRES = /^(57P0[123]|08...)$/;
/** `pg` gives no code where a connection ends under a statement. */
const ENDED = /connection terminated|client has encountered a connection error/i;

interface Told {
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/** Whether an error only says that the database cannot be reached now: trying again later is right, whatever was asked. */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const told: Told = error;
  if (saysAway(told)) return true;
  const inner = Array.isArray(told.errors) ? (told.errors as unknown[]) : []; // an AggregateError: one for each address of the host
  return [told.cause, ...inner].some(isDatabaseAway);
}

function saysAway({ code, syscall, message }: Told): boolean {
  if (code === 'ENOENT') return syscall === 'connect'; // its socket is not there yet
  if (typeof code === 'string' && (NETWORK.has(code) || POSTGRES.test(code))) return true;
  return typeof message === 'string' && ENDED.test(message);
}
