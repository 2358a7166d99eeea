import {
  Arg,
  Args,
  ArgsType,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { DomainError } from '../domain/errors.js';
import { PUBLIC_MARKS, type PublicMark } from '../domain/gallery-marks.js';
import type { ItemId, RequestId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Explanation as StoredExplanation } from '../domain/recommendation.js';
import { galleryForYou } from '../flow/gallery-for-you.js';
import type {
  GalleryFilter as Filter,
  GalleryFacets as Facets,
  GalleryPlace,
  StoredOrder,
} from '../flow/ports/gallery-stores.js';
import { relevantWorks } from '../flow/relevant-works.js';
import { countGallery, facetGallery, searchGallery } from '../flow/search-gallery.js';
import { GalleryFacets, GeneratedItemConnection, GeneratedItemEdge } from './content.types.js';
import type { ApiContext } from './context.js';
import {
  ExplanationStyleEnum,
  GalleryFacetFieldEnum,
  GalleryOrderEnum,
  type ExplanationStyle,
  type GalleryOrder,
} from './enums.js';
import { Explanation } from './explanation.types.js';
import { forwardConnection } from './forward-connection.js';
import { galleryFilter } from './gallery-filter.js';
import { GalleryFilter } from './gallery.types.js';
import { ifGiven } from './given.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';

@ArgsType()
class GalleryArgs {
  @Field(() => GalleryFilter, { nullable: true })
  filter?: GalleryFilter | null;
  @Field(() => GalleryOrderEnum, {
    nullable: true,
    description: 'Left out: RELEVANCE with similarTo, else NEWEST.',
  })
  order?: GalleryOrder | null;
  @Field(() => Int, { defaultValue: 30, description: '1 to 100.' })
  first!: number;
  @Field(() => String, { nullable: true })
  after?: string | null;
}

/** A page, and what is worked out only when it is asked for. */
interface ConnectionRoot {
  readonly totalCount: number | null;
  readonly counting?: () => Promise<number | null>;
  readonly faceting?: (fields: readonly PublicMark[]) => Promise<Facets>;
}

interface EdgeRoot {
  readonly node: Item;
  readonly cursor: string;
  readonly relevance?: number;
  readonly requestId?: RequestId;
}

@Resolver()
export class GalleryResolver {
  @Authorized('VIEWER')
  @Query(() => GeneratedItemConnection, {
    complexity: pageCost(4),
    description: 'One’s own works and everybody’s public ones that match the whole filter.',
  })
  async gallery(@Args(() => GalleryArgs) args: GalleryArgs, @Ctx() context: ApiContext): Promise<object> {
    const filter = await galleryFilter(args.filter, context);
    const order = args.order ?? (args.filter?.similarTo ? 'RELEVANCE' : 'NEWEST');
    if (order === 'FOR_YOU') return personalPage(args, filter, context);
    return order === 'RELEVANCE'
      ? relevantPage(args, filter, context)
      : storedPage(args, order, { filter, context });
  }
}

@Resolver(() => GeneratedItemConnection)
export class GalleryConnectionResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Counted when it is asked for; null where there are more than 10,000.',
  })
  totalCount(@Root() { totalCount, counting }: ConnectionRoot): Promise<number | null> | number | null {
    return counting === undefined ? totalCount : counting();
  }

  @FieldResolver(() => GalleryFacets, {
    nullable: true,
    complexity: ({ childComplexity }) => 20 + childComplexity,
    description: 'What else there is to filter by, with counts. Null for lists that are no gallery.',
  })
  facets(
    @Root() { faceting }: ConnectionRoot,
    @Arg('fields', () => [GalleryFacetFieldEnum], { nullable: true }) fields: PublicMark[] | null,
  ): Promise<Facets> | null {
    return faceting === undefined ? null : faceting(fields ?? PUBLIC_MARKS);
  }
}

@Resolver(() => GeneratedItemEdge)
export class GalleryEdgeResolver {
  @FieldResolver()
  relevance(@Root() { relevance }: EdgeRoot): number | null {
    return relevance ?? null;
  }

  @FieldResolver(() => Explanation, {
    nullable: true,
    complexity: ({ childComplexity }) => 5 + childComplexity,
    description: 'Why it stands here: in the order FOR_YOU.',
  })
  explanation(
    @Root() { requestId, node }: EdgeRoot,
    @Arg('style', () => ExplanationStyleEnum, { defaultValue: 'SHORT' }) style: ExplanationStyle,
    @Ctx() { loaders }: ApiContext,
  ): Promise<StoredExplanation | null> | null {
    return requestId === undefined ? null : loaders.explanation(requestId, node.id, style);
  }
}

async function storedPage(
  args: GalleryArgs,
  order: StoredOrder,
  { filter, context }: { readonly filter: Filter; readonly context: ApiContext },
): Promise<object> {
  const after = ifGiven(args.after, (cursor) => placeIn(order, cursor, context));
  const wish = { order, first: pageSize(args.first), ...(after === null ? {} : { after }) };
  const found = await searchGallery(context.ports, await context.viewer(), filter, wish);
  const edges = found.works.map(({ item, place, ...work }): EdgeRoot => {
    context.loaders.works.prime(item.id, work);
    return { node: item, cursor: cursorOf(order, place, context) };
  });
  return withCounts(
    edges,
    { hasNextPage: found.hasNext, hasPreviousPage: after !== null },
    { filter, context },
  );
}

async function relevantPage(args: GalleryArgs, filter: Filter, context: ApiContext): Promise<object> {
  const { ids, loaders, ports } = context;
  const after = ifGiven(args.after, (cursor) => placeIn('RELEVANCE', cursor, context));
  const similarTo = ifGiven(args.filter?.similarTo, (id) => ids.open('Item', id, ['filter', 'similarTo']));
  const input = { viewer: await context.viewer(), filter, similarTo, first: pageSize(args.first), after };
  const found = await relevantWorks(ports, input);
  const edges = found.works.map(({ item, place, ...work }): EdgeRoot => {
    loaders.works.prime(item.id, work);
    const cursor = cursorOf('RELEVANCE', place, context);
    return { node: item, cursor, relevance: found.relevance.get(item.id) ?? 0 };
  });
  return forwardConnection(edges, { hasNextPage: found.hasNext, hasPreviousPage: after !== null });
}

async function personalPage(args: GalleryArgs, filter: Filter, context: ApiContext): Promise<object> {
  const { ids, loaders, ports } = context;
  const [requestId = null, position = null] =
    ifGiven(args.after, (cursor) => ids.open('AnswerPlace', cursor, ['after']).split('|')) ?? [];
  const page = await galleryForYou(ports, {
    viewer: await context.viewer(),
    filter,
    requestId: requestId as RequestId | null,
    first: pageSize(args.first),
    afterPosition: position === null ? null : Number(position),
  });
  const { request, view } = page;
  loaders.explainFrom(request.id, { ...ports, rankers: { view: () => Promise.resolve(view) } });
  const edges = page.items.map(({ item, served }): EdgeRoot => {
    const cursor = ids.seal('AnswerPlace', `${request.id}|${served.position}`);
    return { node: item, cursor, requestId: request.id };
  });
  return withCounts(
    edges,
    { hasNextPage: page.hasNext, hasPreviousPage: position !== null },
    { filter, context },
  );
}

function withCounts(
  edges: readonly EdgeRoot[],
  page: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean },
  { filter, context: { ports, viewer } }: { readonly filter: Filter; readonly context: ApiContext },
): ConnectionRoot {
  return {
    ...forwardConnection(edges, page),
    counting: async () => countGallery(ports, await viewer(), filter),
    faceting: async (fields) => facetGallery(ports, await viewer(), filter, fields),
  };
}

const cursorOf = (order: GalleryOrder, { key, itemId }: GalleryPlace, { ids }: ApiContext): string =>
  ids.seal('GalleryPlace', `${order}|${key}|${itemId}`);

/** A place is one in its order: read in another one it would skip or repeat, so it is refused. */
function placeIn(order: GalleryOrder, cursor: string, { ids }: ApiContext): GalleryPlace {
  const [made, key = '', itemId = ''] = ids.open('GalleryPlace', cursor, ['after']).split('|');
  if (made === order) return { key, itemId: itemId as ItemId };
  throw new DomainError(
    'INVALID_INPUT',
    `after: a cursor of order ${order} was wanted, one of ${made ?? ''} came`,
    {
      path: ['after'],
    },
  );
}
