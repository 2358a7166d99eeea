import { GraphQLError } from 'graphql';
import type { AuthCheckerFn } from 'type-graphql';
import type { ApiContext } from './context.js';
import type { Scope } from './scope.js';

/** A field asks for scopes; the caller must have every one. Says which one was missing, so that it can be asked for. */
export const authChecker: AuthCheckerFn<ApiContext, Scope> = ({ context, info }, wanted) => {
  const missing = wanted.filter((scope) => !context.scopes.has(scope));
  if (missing.length === 0) return true;
  const code = context.scopes.has('VIEWER') ? 'FORBIDDEN' : 'UNAUTHENTICATED';
  throw new GraphQLError(`${info.fieldName} needs the scope ${missing.join(', ')}`, { extensions: { code } });
};
