import { useApolloClient, useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { fieldProblem, type FieldProblem } from '../api/field-problem.js';
import { mayNot } from '../api/may-not.js';
import { problemOf } from '../api/problem-of.js';
import {
  CreateWebhookDocument,
  DeleteWebhookDocument,
  ReplayDeliveryDocument,
  RotateWebhookSecretDocument,
  SwitchWebhookDocument,
  TestWebhookDocument,
  WebhooksDocument,
  type CreateWebhookInput,
  type WebhooksQuery,
} from '../generated/graphql.js';
import { lookAgainMs } from './look-again-ms.js';

export type Webhook = WebhooksQuery['viewer']['webhooks'][number];
export type Delivery = Webhook['deliveries'][number];

/** A secret is in hand only right after it was made. */
export interface NewSecret {
  readonly url: string;
  readonly secret: string;
}

/** The person's webhooks with their last deliveries, read again as long as there may be news. */
export function useWebhooks() {
  const { data, error, refetch, startPolling, stopPolling } = useQuery(WebhooksDocument, {
    fetchPolicy: 'cache-and-network',
  });
  const all = data?.viewer.webhooks ?? null;
  const everyMs = lookAgainMs(all ?? []);
  useEffect(() => {
    if (everyMs === 0) return;
    startPolling(everyMs);
    return stopPolling;
  }, [everyMs, startPolling, stopPolling]);
  return { all, error, isRefused: mayNot(error), refetch };
}

/** What can be done with them. Each throws what the server refused, as a sentence. */
export function useWebhookActions(refetch: () => Promise<unknown>) {
  const client = useApolloClient();
  return {
    /** What is wrong with a field of the form comes back, so that it can be said there. */
    create: async (input: CreateWebhookInput): Promise<NewSecret | FieldProblem> => {
      // a secret has no place in the cache
      const { data } = await client.mutate({
        ...{ mutation: CreateWebhookDocument, variables: { input }, fetchPolicy: 'no-cache' },
      });
      const result = data?.createWebhook;
      if (result?.__typename !== 'CreateWebhookPayload') return fieldProblem(result) ?? NO_ANSWER;
      await refetch();
      return { url: result.webhook.url, secret: result.secret };
    },
    exchangeSecret: async (id: string): Promise<NewSecret> => {
      const { data } = await client.mutate({
        ...{ mutation: RotateWebhookSecretDocument, variables: { id }, fetchPolicy: 'no-cache' },
      });
      const result = data?.rotateWebhookSecret;
      if (result?.__typename !== 'RotateWebhookSecretPayload')
        throw new Error(problemOf(result) ?? NO_ANSWER.text);
      await refetch();
      return { url: result.webhook.url, secret: result.secret };
    },
    switchTo: async (id: string, on: boolean) => {
      const { data } = await client.mutate({ mutation: SwitchWebhookDocument, variables: { id, on } });
      assertDone(data?.switchWebhook);
      await refetch(); // what waited for one that is paused has failed
    },
    test: async (id: string) => {
      const { data } = await client.mutate({ mutation: TestWebhookDocument, variables: { id } });
      assertDone(data?.testWebhook);
      await refetch();
    },
    replay: async (deliveryId: string) => {
      const variables = { id: deliveryId };
      const { data } = await client.mutate({ mutation: ReplayDeliveryDocument, variables });
      assertDone(data?.replayDelivery);
      await refetch();
    },
    remove: async (id: string) => {
      const { data } = await client.mutate({ mutation: DeleteWebhookDocument, variables: { id } });
      assertDone(data?.deleteWebhook);
      await refetch();
    },
  };
}
export type WebhookActions = ReturnType<typeof useWebhookActions>;

const NO_ANSWER: FieldProblem = { field: null, text: 'The server sent no answer.' };

function assertDone(result: object | null | undefined): void {
  const problem = problemOf(result);
  if (problem !== null) throw new Error(problem);
}
