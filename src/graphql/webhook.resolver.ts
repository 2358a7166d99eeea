import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { Person } from '../domain/person.js';
import type { WebhookDelivery as StoredDelivery, WebhookEndpoint, WebhookEvent } from '../domain/webhook.js';
import {
  deleteWebhook,
  replayDelivery,
  rotateWebhookSecret,
  switchWebhook,
  testWebhook,
} from '../flow/change-webhook.js';
import { createWebhook } from '../flow/create-webhook.js';
import type { ApiContext } from './context.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { Viewer } from './person.types.js';
import {
  CreateWebhookInput,
  CreateWebhookResult,
  DeleteWebhookResult,
  RotateWebhookSecretResult,
  SendWebhookResult,
  SwitchWebhookResult,
  Webhook,
  WebhookDelivery,
} from './webhook.types.js';

@Resolver(() => Viewer)
export class ViewerWebhooksResolver {
  @FieldResolver(() => [Webhook], { complexity: 20, description: 'Newest first; at most 10.' })
  webhooks(@Root() { id }: Person, @Ctx() { ports }: ApiContext): Promise<WebhookEndpoint[]> {
    return ports.stores.webhooks.ofPerson(id);
  }
}

@Resolver(() => Webhook)
export class WebhookResolver {
  @FieldResolver(() => [WebhookDelivery], {
    complexity: pageCost(2),
    description: 'Newest first, of the last month.',
  })
  deliveries(
    @Root() { id }: WebhookEndpoint,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Ctx() { ports }: ApiContext,
  ): Promise<StoredDelivery[]> {
    return ports.stores.webhooks.deliveries(id, pageSize(first));
  }

  @Authorized('VIEWER')
  @Mutation(() => CreateWebhookResult.type)
  createWebhook(
    @Arg('input', () => CreateWebhookInput) input: CreateWebhookInput,
    @Ctx() { ports, viewer }: ApiContext,
  ): Promise<object> {
    return CreateWebhookResult.settle(async () => {
      const { idempotencyKey, url, events } = input;
      const { endpoint, replayed } = await createWebhook(ports, {
        idempotencyKey,
        url,
        events,
        viewer: await viewer(),
      });
      return { webhook: endpoint, secret: endpoint.secret, replayed };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => RotateWebhookSecretResult.type, {
    description: 'Gives the webhook a new secret; for a day the one before signs, too.',
  })
  rotateWebhookSecret(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<object> {
    return RotateWebhookSecretResult.settle(async () => {
      const { ids, ports, viewer } = context;
      const webhook = await rotateWebhookSecret(ports, await viewer(), ids.open('Webhook', id));
      return { webhook, secret: webhook.secret };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => DeleteWebhookResult.type)
  deleteWebhook(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<object> {
    return DeleteWebhookResult.settle(async () => {
      const { ids, ports, viewer } = context;
      await deleteWebhook(ports, await viewer(), ids.open('Webhook', id));
      return { deletedId: id };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => SwitchWebhookResult.type, {
    description:
      'Off: nothing is sent, and what waits has failed. On: with a clean record, from the next event on.',
  })
  switchWebhook(
    @Arg('id', () => ID) id: string,
    @Arg('on', () => Boolean) on: boolean,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<object> {
    return SwitchWebhookResult.settle(async () => ({
      webhook: await switchWebhook(ports, await viewer(), { id: ids.open('Webhook', id), on }),
    }));
  }

  @Authorized('VIEWER')
  @Mutation(() => SendWebhookResult.type, {
    description: 'Sends an event that says nothing, to try the receiver.',
  })
  testWebhook(@Arg('id', () => ID) id: string, @Ctx() { ids, ports, viewer }: ApiContext): Promise<object> {
    return SendWebhookResult.settle(async () => ({
      delivery: await testWebhook(ports, await viewer(), ids.open('Webhook', id)),
    }));
  }

  @Authorized('VIEWER')
  @Mutation(() => SendWebhookResult.type, {
    description: 'Sends an earlier event again, with eight new tries, under the same webhook-id.',
  })
  replayDelivery(
    @Arg('id', () => ID) id: string,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<object> {
    return SendWebhookResult.settle(async () => ({
      delivery: await replayDelivery(ports, await viewer(), ids.open('WebhookDelivery', id)),
    }));
  }
}

@Resolver(() => WebhookDelivery)
export class WebhookDeliveryResolver {
  @FieldResolver()
  messageId(@Root() { id }: StoredDelivery): string {
    return `msg_${id}`;
  }

  @FieldResolver()
  event(@Root() { news }: StoredDelivery): WebhookEvent | null {
    return news?.kind ?? null;
  }

  @FieldResolver()
  jobId(@Root() { news }: StoredDelivery, @Ctx() { ids }: ApiContext): string | null {
    return news === null ? null : ids.seal('Job', news.jobId);
  }
}
