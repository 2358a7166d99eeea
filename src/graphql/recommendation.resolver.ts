import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { EventType } from '../domain/event.js';
import type { RequestId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { ModelVersion } from '../domain/model-version.js';
import type {
  Explanation as StoredExplanation,
  Served,
  ServedRequest,
  Surface,
} from '../domain/recommendation.js';
import { mainParameters } from '../flow/main-parameters.js';
import { recommend } from '../flow/recommend.js';
import { similarItems } from '../flow/similar-items.js';
import { Content } from './content.types.js';
import type { ApiContext } from './context.js';
import { EventTypeEnum, ExplanationStyleEnum, SurfaceEnum, type ExplanationStyle } from './enums.js';
import { Explanation } from './explanation.types.js';
import { forwardConnection } from './forward-connection.js';
import { ifGiven } from './given.js';
import type { IdSeal } from './ids.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { RecommendationConnection, RecommendationEdge } from './recommendation.types.js';
import { rememberReads } from './remember-reads.js';

@ArgsType()
class RecommendationArgs {
  @Field(() => SurfaceEnum)
  surface!: Surface;
  @Field(() => ID, { nullable: true, description: 'Left out: the first catalogue.' })
  catalogueId?: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Go on in this earlier answer; a cursor in `after` says it already.',
  })
  requestId?: string | null;
  @Field(() => Int, { defaultValue: 20, description: '1 to 100.' })
  first!: number;
  @Field(() => String, { nullable: true })
  after?: string | null;
  @Field(() => Boolean, { defaultValue: false })
  includeSeen!: boolean;
  @Field(() => Boolean, { defaultValue: true, description: 'Whether pictures made by AI may be among them.' })
  allowGenerated!: boolean;
  @Field(() => Boolean, { defaultValue: false, description: 'Use nothing about the person.' })
  withoutProfiling!: boolean;
  @Field(() => [String], { nullable: true, description: 'Only content with one of these topics.' })
  topics?: string[] | null;
  @Field(() => EventTypeEnum, {
    nullable: true,
    description:
      'What the person should want to do with it: CLICK, FAVOURITE, RATE (highly), and so on. Heeded by rankers trained with `goals: on`; `degraded` says when it was not.',
  })
  goal?: EventType | null;
  @Field(() => String, {
    nullable: true,
    description:
      'What the person asks for now in their own words, e.g. "something cosy for the evening": 1 to 500 characters. Lifts what is near to them; reasons say so.',
  })
  request?: string | null;
}

/** One page as the steps give it. */
type Answer = Awaited<ReturnType<typeof recommend>>;
interface EdgeRoot extends Served {
  readonly requestId: RequestId;
  readonly cursor: string;
  readonly node: Item;
}

@Resolver()
export class RecommendationResolver {
  @Authorized('VIEWER')
  @Query(() => RecommendationConnection, {
    complexity: pageCost(10),
    description: 'What to show this person here, best first, with reasons.',
  })
  async recommendations(
    @Args(() => RecommendationArgs) args: RecommendationArgs,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    const { ids, loaders } = context;
    const memory = rememberReads(context.ports);
    const { surface, withoutProfiling, includeSeen, allowGenerated } = args;
    const place = ifGiven(args.after, (after) => answerPlace(ids, after));
    const earlier = ifGiven(args.requestId, (id) => ids.open('Request', id, ['requestId']));
    const answer = await recommend(memory.ports, {
      viewer: await context.viewer(),
      surface,
      catalogueId: ifGiven(args.catalogueId, (id) => ids.open('Catalogue', id, ['catalogueId'])),
      requestId: place?.requestId ?? earlier,
      first: pageSize(args.first),
      afterPosition: place?.position ?? null,
      withoutProfiling,
      includeSeen,
      allowGenerated,
      topics: args.topics ?? null,
      goal: args.goal ?? null,
      request: args.request ?? null,
    });
    loaders.explainFrom(answer.request.id, memory.ports);
    for (const event of memory.events()) loaders.events.prime(event.id, event);
    return connection(answer, context);
  }

  @Query(() => String, { description: 'What the order depends on most, in plain words.' })
  mainParameters(@Arg('surface', () => SurfaceEnum) surface: Surface): string {
    return mainParameters(surface);
  }
}

@Resolver(() => Content)
export class SimilarResolver {
  @FieldResolver(() => RecommendationConnection, { complexity: pageCost(8) })
  async similar(
    @Root() { id }: Item,
    @Arg('first', () => Int, { defaultValue: 12 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    const place = ifGiven(after, (cursor) => answerPlace(context.ids, cursor));
    const answer = await similarItems(context.ports, {
      viewer: await context.viewer(),
      itemId: id,
      first: pageSize(first),
      afterPosition: place?.position ?? null,
    });
    return connection(answer, context);
  }
}

@Resolver(() => RecommendationEdge)
export class RecommendationEdgeResolver {
  @FieldResolver(() => Explanation, {
    nullable: true,
    complexity: ({ childComplexity }) => 5 + childComplexity,
  })
  explanation(
    @Root() { requestId, itemId }: EdgeRoot,
    @Arg('style', () => ExplanationStyleEnum, { defaultValue: 'SHORT' }) style: ExplanationStyle,
    @Ctx() { loaders }: ApiContext,
  ): Promise<StoredExplanation | null> {
    return loaders.explanation(requestId, itemId, style);
  }
}

@Resolver(() => RecommendationConnection)
export class RecommendationConnectionResolver {
  @FieldResolver()
  requestId(@Root() { request }: { request: ServedRequest }, @Ctx() { ids }: ApiContext): string {
    return ids.seal('Request', request.id);
  }

  @FieldResolver()
  model(@Root() { model }: { model: ModelVersion | null }): ModelVersion | null {
    return model;
  }

  @FieldResolver()
  profiled(@Root() { request }: { request: ServedRequest }): boolean {
    return request.profiled;
  }

  @FieldResolver()
  degraded(@Root() { request }: { request: ServedRequest }): object | null {
    return request.degraded === null ? null : { reason: request.degraded, fallback: 'FALLBACK' };
  }
}

/** What may no longer be seen since the snapshot was taken is left out. */
export async function connection(
  { request, page, hasNext, model, servedInMs }: Answer,
  { ids, loaders }: ApiContext,
) {
  const items = await loaders.items.loadMany(page.map(({ itemId }) => itemId));
  const edges = page.flatMap((served, i): EdgeRoot[] => {
    const node = items[i];
    if (node === null || node === undefined || node instanceof Error) return [];
    const cursor = ids.seal('AnswerPlace', `${request.id}|${served.position}`);
    return [{ ...served, requestId: request.id, cursor, node }];
  });
  return {
    ...{ request, model, servedInMs },
    ...forwardConnection(edges, {
      hasNextPage: hasNext,
      hasPreviousPage: (page[0]?.position ?? 0) > 0,
      totalCount: request.entries.length,
    }),
  };
}

function answerPlace(ids: IdSeal, after: string): { requestId: RequestId; position: number } {
  const [requestId = '', position = ''] = ids.open('AnswerPlace', after, ['after']).split('|');
  return { requestId: requestId as RequestId, position: Number(position) };
}
