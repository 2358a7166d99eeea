import { GraphQLError } from 'graphql';
import { jwtVerify } from 'jose';
import { z } from 'zod';
import type { Person } from '../domain/person.js';
import { ensureGuest } from '../flow/ensure-guest.js';
import { ensurePerson } from '../flow/ensure-person.js';
import type { Ports } from '../flow/ports.js';
import { SCOPES, type Scope } from './scope.js';
import type { Sessions } from './sessions.js';

/** What came with a request or in the socket's first message, unchecked. */
export interface Credentials {
  readonly bearer: string | null;
  readonly session: string | null;
  readonly demoPerson: string | null;
}

/** Who asks, before any row is read: most operations never need the person's row. */
export interface Caller {
  readonly scopes: ReadonlySet<Scope>;
  /** Null where nobody signed in. */
  readonly person: (() => Promise<Person>) | null;
  /** Set when a guest session was begun: hand it to the client. */
  readonly newSession: string | null;
  /** Names the signed-in person; null for guests, who can be made at will and are counted by address. */
  readonly account: string | null;
}

export interface AuthSettings {
  readonly development: boolean;
  /** HS256 key of the tokens that the embedding application signs. */
  readonly tokenSecret: string;
  readonly sessions: Sessions;
}
type AuthPorts = Pick<Ports, 'stores' | 'clock'>;

const Claims = z.object({
  sub: z.string().min(1).max(200),
  name: z.string().min(1).max(200).optional(),
  scope: z.string().max(200).optional(),
});
const ALL_SCOPES: ReadonlySet<Scope> = new Set(SCOPES);
const PUBLIC_ONLY: ReadonlySet<Scope> = new Set(['PUBLIC']);

/** A token decides; without one, in development, a guest session or the simulated person that was asked for. */
export async function authenticate(
  settings: AuthSettings,
  ports: AuthPorts,
  credentials: Credentials,
): Promise<Caller> {
  const { bearer, demoPerson } = credentials;
  if (demoPerson !== null && !settings.development)
    throw refused(403, 'FORBIDDEN', 'simulated people cannot be chosen in production');
  if (bearer !== null) return signedIn(settings, ports, bearer);
  if (!settings.development) return { scopes: PUBLIC_ONLY, person: null, newSession: null, account: null };
  if (demoPerson !== null) return simulated(ports, demoPerson);
  return guest(settings, ports, credentials.session);
}

async function signedIn({ tokenSecret }: AuthSettings, ports: AuthPorts, bearer: string): Promise<Caller> {
  const claims = await claimsOf(bearer, tokenSecret, ports.clock.now());
  const asked = (claims.scope ?? 'VIEWER').split(' ');
  const scopes = new Set<Scope>(['PUBLIC', ...SCOPES.filter((scope) => asked.includes(scope))]);
  const { sub, name } = claims;
  return {
    scopes,
    person: () => ensurePerson(ports, { externalId: sub, displayName: name ?? sub }),
    newSession: null,
    account: sub,
  };
}

async function claimsOf(bearer: string, secret: string, currentDate: Date): Promise<z.infer<typeof Claims>> {
  try {
    const key = new TextEncoder().encode(secret);
    const options = { algorithms: ['HS256'], requiredClaims: ['exp', 'sub'], currentDate };
    const { payload } = await jwtVerify(bearer, key, options);
    return Claims.parse(payload);
  } catch {
    throw refused(
      401,
      'UNAUTHENTICATED',
      'the token is wrong or has expired; a signed one with sub and exp was wanted',
    );
  }
}

async function simulated(ports: AuthPorts, externalId: string): Promise<Caller> {
  const person = await ports.stores.people.byExternalId(externalId);
  if (person?.kind !== 'SIMULATED')
    throw refused(
      400,
      'BAD_REQUEST',
      'X-Vitrine-Person: the external id of a simulated person was wanted; see demoPeople',
    );
  return { scopes: ALL_SCOPES, person: () => Promise.resolve(person), newSession: null, account: null };
}

function guest({ sessions }: AuthSettings, ports: AuthPorts, token: string | null): Caller {
  const known = token === null ? null : sessions.guestOf(token);
  const opened = known === null ? sessions.open() : null;
  const externalId = known ?? opened?.guest ?? '';
  return {
    scopes: ALL_SCOPES,
    person: () => ensureGuest(ports, externalId),
    newSession: opened?.token ?? null,
    account: null,
  };
}

function refused(status: number, code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}
