import { Arg, Authorized, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { EventId, FacetId } from '../domain/ids.js';
import type { FeedbackEvent as StoredEvent } from '../domain/event.js';
import type { Item } from '../domain/item.js';
import type { Facet } from '../domain/person.js';
import type {
  ControlAction,
  Evidence as StoredEvidence,
  Explanation as StoredExplanation,
  ReasonControl,
} from '../domain/recommendation.js';
import { applyControl } from '../flow/apply-control.js';
import type { ApiContext } from './context.js';
import { ControlActionEnum, ExplanationStyleEnum, type ExplanationStyle } from './enums.js';
import {
  AttributeEvidence,
  Claim,
  Control,
  Explanation,
  InteractionEvidence,
  NeighbourEvidence,
  PreferenceEvidence,
} from './explanation.types.js';
import { ProfileResult } from './person.types.js';

type EvidenceOf<K extends StoredEvidence['kind']> = Extract<StoredEvidence, { kind: K }>;

const EVIDENCE_TYPES = {
  INTERACTION: 'InteractionEvidence',
  ATTRIBUTE: 'AttributeEvidence',
  NEIGHBOUR: 'NeighbourEvidence',
  TREND: 'TrendEvidence',
  PREFERENCE: 'PreferenceEvidence',
  EXPLORATION: 'ExplorationEvidence',
  REQUEST: 'RequestEvidence',
} as const satisfies Record<StoredEvidence['kind'], string>;

/** What the button of a reason points at, by what it does. */
const TARGET_KIND = {
  MORE_LIKE_THIS: 'Item',
  LESS_LIKE_THIS: 'Item',
  FORGET_SIGNAL: 'Event',
  HIDE_TOPIC: 'Topic',
  TURN_OFF_PROFILING: 'Person',
} as const satisfies Record<ControlAction, 'Item' | 'Event' | 'Topic' | 'Person'>;

@Resolver()
export class ExplanationResolver {
  @Authorized('VIEWER')
  @Query(() => Explanation, {
    nullable: true,
    complexity: ({ childComplexity }) => 5 + childComplexity,
    description:
      'Why this content stood in that answer; null when it did not, or the answer was another person’s.',
  })
  explain(
    @Arg('requestId', () => ID) requestId: string,
    @Arg('contentId', () => ID) contentId: string,
    @Arg('style', () => ExplanationStyleEnum, { defaultValue: 'FULL' }) style: ExplanationStyle,
    @Ctx() { ids, loaders }: ApiContext,
  ): Promise<StoredExplanation | null> {
    return loaders.explanation(
      ids.open('Request', requestId, ['requestId']),
      ids.open('Item', contentId, ['contentId']),
      style,
    );
  }

  @Authorized('VIEWER')
  @Mutation(() => ProfileResult.type, {
    description: 'Answers back to a reason; the next answer shows the effect.',
  })
  applyControl(
    @Arg('explanationId', () => ID) explanationId: string,
    @Arg('action', () => ControlActionEnum) action: ControlAction,
    @Arg('targetId', () => ID) targetId: string,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    const { ids, ports } = context;
    return ProfileResult.settle(async () => ({
      profile: await applyControl(ports, {
        viewer: await context.viewer(),
        explanationId: ids.open('Explanation', explanationId, ['explanationId']),
        action,
        targetId: ids.open(TARGET_KIND[action], targetId, ['targetId']),
      }),
    }));
  }
}

@Resolver(() => Claim)
export class ClaimResolver {
  @FieldResolver()
  evidence(@Root() { evidence }: { evidence: readonly StoredEvidence[] }): object[] {
    return evidence.map((one) => ({ ...one, __typename: EVIDENCE_TYPES[one.kind] }));
  }
}

@Resolver(() => Control)
export class ControlResolver {
  @FieldResolver()
  targetId(@Root() { action, targetId }: ReasonControl, @Ctx() { ids }: ApiContext): string {
    const kind = TARGET_KIND[action];
    return ids.seal(kind, targetId);
  }
}

@Resolver(() => InteractionEvidence)
export class InteractionEvidenceResolver {
  @FieldResolver()
  event(
    @Root() { eventId }: EvidenceOf<'INTERACTION'>,
    @Ctx() { loaders }: ApiContext,
  ): Promise<StoredEvent | null> {
    return loaders.events.load(eventId as EventId);
  }

  @FieldResolver()
  content(
    @Root() { itemId }: EvidenceOf<'INTERACTION'>,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Item | null> {
    return loaders.items.load(itemId);
  }
}

@Resolver(() => AttributeEvidence)
export class AttributeEvidenceResolver {
  @FieldResolver()
  content(@Root() { itemId }: EvidenceOf<'ATTRIBUTE'>, @Ctx() { loaders }: ApiContext): Promise<Item | null> {
    return loaders.items.load(itemId);
  }
}

@Resolver(() => NeighbourEvidence)
export class NeighbourEvidenceResolver {
  @FieldResolver()
  content(@Root() { itemId }: EvidenceOf<'NEIGHBOUR'>, @Ctx() { loaders }: ApiContext): Promise<Item | null> {
    return loaders.items.load(itemId);
  }
}

@Resolver(() => PreferenceEvidence)
export class PreferenceEvidenceResolver {
  @FieldResolver()
  facet(
    @Root() { facetId }: EvidenceOf<'PREFERENCE'>,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Facet | null> {
    return loaders.facets.load(facetId as FacetId);
  }
}
