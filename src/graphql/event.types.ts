import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { EventType } from '../domain/event.js';
import { Content } from './content.types.js';
import { EventTypeEnum } from './enums.js';
import { Node } from './node.types.js';
import { DateTime } from './scalars.js';
import { InvalidInput, LimitReached, resultUnion } from './user-error.types.js';

@ObjectType({ implements: Node })
export class FeedbackEvent extends Node {
  @Field(() => EventTypeEnum)
  type!: EventType;
  @Field(() => Content, { nullable: true })
  content!: Content | null;
  @Field(() => DateTime)
  at!: Date;
  @Field(() => Float, { nullable: true })
  value!: number | null;
  @Field(() => Boolean)
  undone!: boolean;
}

@InputType()
export class EventInput {
  @Field(() => ID, { description: 'Made by the client; a resent event is stored once.' })
  clientEventId!: string;
  @Field(() => EventTypeEnum)
  type!: EventType;
  @Field(() => ID, { nullable: true })
  contentId?: string | null;
  @Field(() => ID, { nullable: true, description: 'The `requestId` of the answer in which it was shown.' })
  requestId?: string | null;
  @Field(() => Int, { nullable: true })
  position?: number | null;
  @Field(() => DateTime, { nullable: true, description: 'Left out: now.' })
  at?: Date | null;
  @Field(() => Float, { nullable: true, description: 'Rating 1..5 for RATE, seconds for DWELL.' })
  value?: number | null;
}

@InputType()
export class RecordEventsInput {
  @Field(() => [EventInput], { description: '1 to 100 events.' })
  events!: EventInput[];
}

@ObjectType()
export class RecordEventsPayload {
  @Field(() => Int)
  accepted!: number;
  @Field(() => Int, { description: 'Known already; nothing was stored twice.' })
  duplicates!: number;
  @Field(() => [InvalidInput], { description: 'Each says in `path` which event it was.' })
  rejected!: InvalidInput[];
}
export const RecordEventsResult = resultUnion('RecordEventsResult', RecordEventsPayload, [
  InvalidInput,
  LimitReached,
]);

@ObjectType()
export class UndoEventPayload {
  @Field(() => Boolean, { description: 'False when there was no such event.' })
  undone!: boolean;
}
export const UndoEventResult = resultUnion('UndoEventResult', UndoEventPayload, [InvalidInput]);
