import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Log } from '../flow/ports.js';
import type { Caller } from './auth.js';
import type { ApiContext, RateState } from './context.js';
import { documentRules } from './document-rules.js';
import { isBug, publicError } from './errors.js';
import { onlyGiven } from './given.js';
import type { Limits } from './limits.js';
import { operationCost } from './operation-cost.js';
import type { RateLimiter } from './rate-limiter.js';

/** What an operation over HTTP carries: the context, and where its points are counted. */
export interface HttpContext extends ApiContext {
  readonly limiterKey: string;
  readonly setRate: (rate: RateState) => void;
}

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly limiter: RateLimiter;
  readonly log: Log;
}

/** GraphQL over HTTP: no landing page from elsewhere, no batches, no simple cross-site requests, limits before execution. */
export function createApollo(parts: ApolloParts, httpServer: Server): ApolloServer<HttpContext> {
  return new ApolloServer<HttpContext>({
    schema: parts.schema,
    validationRules: documentRules(parts.limits),
    parseOptions: { maxLexicalTokens: parts.limits.tokens },
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted, error) => publicError(error, formatted.extensions?.['code']),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(), // it looks at every field; what is ours is never to be stored
      neverStored(),
      ApolloServerPluginDrainHttpServer({ httpServer, stopGracePeriodMillis: 5_000 }),
      countPoints(parts),
      logBugs(parts.log),
    ],
  });
}

/** Answers are one person's. */
function neverStored(): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse({ response }) {
          response.http.headers.set('cache-control', 'no-store');
          return Promise.resolve();
        },
      }),
  };
}

function countPoints({ schema, limits, limiter }: ApolloParts): ApolloServerPlugin<HttpContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async didResolveOperation({ request, document, contextValue }) {
          const { operationName, variables } = request;
          const operation = { query: document, ...onlyGiven({ operationName, variables }) };
          const cost = operationCost(schema, operation, limits);
          contextValue.setRate(
            await limiter.spend(contextValue.limiterKey, cost, contextValue.ports.clock.now()),
          );
        },
      }),
  };
}

function logBugs(log: Log): ApolloServerPlugin<HttpContext> {
  return {
    contextCreationDidFail({ error }) {
      if (isBug(error)) log('graphql-bug', { error });
      return Promise.resolve();
    },
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors({ errors, contextValue, operationName }) {
          for (const error of errors.filter((one) => isBug(one))) {
            log('graphql-bug', {
              requestId: contextValue.requestId,
              operationName: operationName ?? null,
              error: error.originalError ?? error,
            });
          }
          return Promise.resolve();
        },
      }),
  };
}

/** Guests can be made at will, so they share the points of their address; accounts have their own. */
export function limiterKeyOf({ account }: Caller, address: string | undefined): string {
  return account === null ? `address ${address ?? ''}` : `account ${account}`;
}

export const newRequestId = (): string => randomUUID();
