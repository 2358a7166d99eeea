import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import { possibleTypes } from '../generated/possible-types.js';
import { HTTP_URL, PERSON_HEADER, socketUrl } from './endpoints.js';

/** One client per person: a cache must never mix two people's answers. */
export function makeClient(person: string | null): ApolloClient {
  const headers = person === null ? {} : { [PERSON_HEADER]: person };
  const http = new HttpLink({ uri: HTTP_URL, headers });
  const socket = new GraphQLWsLink(
    createClient({
      url: socketUrl(),
      connectionParams: person === null ? {} : { person },
      // `follow` resumes from its own cursor; a blind retry would replay from the first one.
      retryAttempts: 0,
    }),
  );
  return new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      socket,
      http,
    ),
    cache: new InMemoryCache({ possibleTypes }),
  });
}
