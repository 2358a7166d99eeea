import { GraphQLError } from 'graphql';
import type { Person } from '../domain/person.js';
import type { Caller } from './auth.js';
import type { ApiContext, MediaUrls, RateState, ReferenceUrls } from './context.js';
import type { IdSeal } from './ids.js';
import { createLoaders } from './loaders.js';

/** What all operations share. */
export interface ContextParts {
  readonly ports: ApiContext['ports'];
  readonly ids: IdSeal;
  readonly mediaUrls: MediaUrls;
  readonly referenceUrls: ReferenceUrls;
  readonly development: boolean;
}

/** One context per operation, and one per event of a subscription: nothing read for one is shown in another. */
export function createContext(
  parts: ContextParts,
  caller: Caller,
  { requestId, rate }: { readonly requestId: string; readonly rate: () => RateState },
): ApiContext {
  let found: Promise<Person | null> | null = null;
  let loaders: ApiContext['loaders'] | null = null;
  const viewerOrNull = () => (found ??= caller.person === null ? Promise.resolve(null) : caller.person());
  return {
    ...parts,
    requestId,
    rate,
    scopes: caller.scopes,
    viewerOrNull,
    async viewer() {
      const person = await viewerOrNull();
      if (person === null)
        throw new GraphQLError('a signed-in person was wanted', { extensions: { code: 'UNAUTHENTICATED' } });
      return person;
    },
    // made when something is read: a subscription's own context, which only starts it, lives as long as its socket
    get loaders() {
      return (loaders ??= createLoaders(parts.ports, viewerOrNull));
    },
    renewed: () => createContext(parts, caller, { requestId, rate }),
  };
}
