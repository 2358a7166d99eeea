import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { FeedbackEvent as StoredEvent } from '../domain/event.js';
import type { Item } from '../domain/item.js';
import { recordEvents, type NewEvent } from '../flow/record-events.js';
import { undoEvent } from '../flow/undo-event.js';
import type { ApiContext } from './context.js';
import {
  FeedbackEvent,
  RecordEventsInput,
  RecordEventsResult,
  UndoEventResult,
  type EventInput,
} from './event.types.js';
import { ifGiven } from './given.js';
import type { IdSeal } from './ids.js';
import { failureOf } from './user-error.types.js';

@Resolver(() => FeedbackEvent)
export class EventResolver {
  @Authorized('VIEWER')
  @Mutation(() => RecordEventsResult.type, { description: 'Safe to repeat; one bad event spoils no other.' })
  recordEvents(
    @Arg('input', () => RecordEventsInput) { events }: RecordEventsInput,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return RecordEventsResult.settle(async () => {
      const news = events.map((event, index) => newEvent(event, index, context.ids));
      const { id: personId } = await context.viewer();
      const { accepted, duplicates, rejected } = await recordEvents(context.ports, {
        personId,
        events: news,
      });
      return {
        accepted: accepted.length,
        duplicates,
        rejected: rejected.map(({ index, error }) => ({
          ...failureOf(error),
          path: ['input', 'events', String(index), ...(error.path ?? [])],
        })),
      };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => UndoEventResult.type, {
    description: 'Takes one’s own event back; rankers forget it with the next answer.',
  })
  undoEvent(
    @Arg('clientEventId', () => ID) clientEventId: string,
    @Ctx() { ports, viewer }: ApiContext,
  ): Promise<object> {
    return UndoEventResult.settle(async () => ({
      undone: await undoEvent(ports, (await viewer()).id, clientEventId),
    }));
  }

  @FieldResolver()
  content(@Root() { itemId }: StoredEvent, @Ctx() { loaders }: ApiContext): Promise<Item | null> | null {
    return itemId === null ? null : loaders.items.load(itemId);
  }

  @FieldResolver()
  undone(@Root() { undoneAt }: StoredEvent): boolean {
    return undoneAt !== null;
  }
}

function newEvent(event: EventInput, index: number, ids: IdSeal): NewEvent {
  const at = (field: string) => ['input', 'events', String(index), field];
  const { clientEventId, type } = event;
  return {
    clientEventId,
    type,
    itemId: ifGiven(event.contentId, (id) => ids.open('Item', id, at('contentId'))),
    requestId: ifGiven(event.requestId, (id) => ids.open('Request', id, at('requestId'))),
    position: event.position ?? null,
    value: event.value ?? null,
    at: event.at ?? null,
  };
}
