import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { WebhookDelivery as StoredDelivery, WebhookEvent } from '../domain/webhook.js';
import { WebhookEventEnum, WebhookStateEnum } from './enums.js';
import { Node } from './node.types.js';
import { DateTime, IdempotencyKey } from './scalars.js';
import { Conflict, InvalidInput, LimitReached, resultUnion } from './user-error.types.js';

@ObjectType({ implements: Node, description: 'An event on its way to a webhook, or that came there.' })
export class WebhookDelivery extends Node {
  @Field(() => String, { description: 'What the receiver sees as webhook-id, the same at each try.' })
  messageId!: string;
  @Field(() => WebhookEventEnum, { nullable: true, description: 'Null for a test.' })
  event!: WebhookEvent | null;
  @Field(() => ID, { nullable: true, description: 'The job that it is about; null for a test.' })
  jobId!: string | null;
  @Field(() => WebhookStateEnum)
  state!: StoredDelivery['state'];
  @Field(() => Int, { description: 'Tries so far, of at most eight.' })
  attempts!: number;
  @Field(() => DateTime, { nullable: true, description: 'When it is tried next; null when it has ended.' })
  nextAt!: Date | null;
  @Field(() => Int, { nullable: true, description: 'HTTP status of the last answer; null when none came.' })
  lastStatus!: number | null;
  @Field(() => String, { nullable: true })
  lastError!: string | null;
  @Field(() => DateTime)
  createdAt!: Date;
  @Field(() => DateTime, { nullable: true })
  deliveredAt!: Date | null;
}

@ObjectType({
  implements: Node,
  description:
    'An address of the viewer’s that is told what happens to their jobs, by the Standard Webhooks rules.',
})
export class Webhook extends Node {
  @Field(() => String)
  url!: string;
  @Field(() => [WebhookEventEnum])
  events!: readonly WebhookEvent[];
  @Field(() => Boolean, { description: 'Nothing is sent to one that is off.' })
  isOn!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'Why the server switched it off; null where it did not.',
  })
  offReason!: string | null;
  @Field(() => DateTime, {
    nullable: true,
    description: 'The first failure since the last success. Five days after it the webhook is switched off.',
  })
  failingSince!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Until when the secret before this one signs, too.' })
  previousUntil!: Date | null;
  @Field(() => DateTime)
  createdAt!: Date;
}

@InputType()
export class CreateWebhookInput {
  @Field(() => IdempotencyKey)
  idempotencyKey!: string;
  @Field(() => String, { description: 'By https, on the internet, without a password in it.' })
  url!: string;
  @Field(() => [WebhookEventEnum])
  events!: WebhookEvent[];
}

@ObjectType()
export class CreateWebhookPayload {
  @Field(() => Webhook)
  webhook!: Webhook;
  @Field(() => String, {
    description: 'Starts with whsec_. Keep it: it is shown here and at an exchange, nowhere else.',
  })
  secret!: string;
  @Field(() => Boolean)
  replayed!: boolean;
}
export const CreateWebhookResult = resultUnion('CreateWebhookResult', CreateWebhookPayload, [
  InvalidInput,
  LimitReached,
  Conflict,
]);

@ObjectType()
export class RotateWebhookSecretPayload {
  @Field(() => Webhook)
  webhook!: Webhook;
  @Field(() => String, {
    description: 'The new one. Until `previousUntil` each delivery is signed with both.',
  })
  secret!: string;
}
export const RotateWebhookSecretResult = resultUnion(
  'RotateWebhookSecretResult',
  RotateWebhookSecretPayload,
  [InvalidInput],
);

@ObjectType()
export class DeleteWebhookPayload {
  @Field(() => ID)
  deletedId!: string;
}
export const DeleteWebhookResult = resultUnion('DeleteWebhookResult', DeleteWebhookPayload, [InvalidInput]);

@ObjectType()
export class SwitchWebhookPayload {
  @Field(() => Webhook)
  webhook!: Webhook;
}
export const SwitchWebhookResult = resultUnion('SwitchWebhookResult', SwitchWebhookPayload, [InvalidInput]);

@ObjectType()
export class SendWebhookPayload {
  @Field(() => WebhookDelivery, { description: 'It waits; ask for it again to see how it ended.' })
  delivery!: WebhookDelivery;
}
export const SendWebhookResult = resultUnion('SendWebhookResult', SendWebhookPayload, [
  InvalidInput,
  Conflict,
]);
