import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, ID, Info, Query, Resolver, Root } from 'type-graphql';
import type {
  CatalogueId,
  CollectionId,
  EventId,
  ExplanationId,
  FacetId,
  ItemId,
  JobId,
  ModelVersionId,
  ReferenceId,
  WebhookDeliveryId,
  WebhookId,
} from '../domain/ids.js';
import type { WebhookEndpoint } from '../domain/webhook.js';
import { jobOf } from '../flow/job-of.js';
import type { ApiContext } from './context.js';
import type { SealKind } from './ids.js';
import { Node, type Typed } from './node.types.js';

const SEAL_OF_TYPE: Readonly<Record<string, SealKind>> = {
  CatalogItem: 'Item',
  GeneratedItem: 'Item',
  Catalogue: 'Catalogue',
  Viewer: 'Person',
  TasteFacet: 'Facet',
  FeedbackEvent: 'Event',
  Explanation: 'Explanation',
  GenerationJob: 'Job',
  BulkJob: 'Job',
  ModelVersion: 'ModelVersion',
  Collection: 'Collection',
  ReferencePicture: 'ReferencePicture',
  Webhook: 'Webhook',
  WebhookDelivery: 'WebhookDelivery',
};

@Resolver(() => Node)
export class NodeResolver {
  @FieldResolver(() => ID)
  id(@Root() node: { id: string }, @Info() info: GraphQLResolveInfo, @Ctx() { ids }: ApiContext): string {
    const kind = SEAL_OF_TYPE[info.parentType.name];
    if (kind === undefined) throw new Error(`${info.parentType.name} has no kind of id`);
    return ids.seal(kind, node.id);
  }

  @Query(() => Node, { nullable: true, description: 'What this id stands for, where the viewer may see it.' })
  node(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<Typed | null> {
    return fetchNode(id, context);
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: 'At most 100 ids; what may not be seen is null.',
    complexity: ({ args, childComplexity }) => (args.ids as unknown[]).length * (1 + childComplexity),
  })
  nodes(@Arg('ids', () => [ID]) ids: string[], @Ctx() context: ApiContext): Promise<(Typed | null)[]> {
    if (ids.length > 100)
      throw new GraphQLError(`ids: at most 100 were wanted, ${ids.length} came`, {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    return Promise.all(ids.map((id) => fetchNode(id, context)));
  }
}

type Fetch = (value: string, context: ApiContext) => Promise<Typed | null>;

const typed = async <T extends object>(name: string, found: Promise<T | null>): Promise<Typed | null> => {
  const value = await found;
  return value === null ? null : { ...value, __typename: name };
};

/** One row per kind that is a Node; the others (topics, cursors) are no content and give null. */
const FETCH: Partial<Record<SealKind, Fetch>> = {
  Item: async (id, { loaders }) => {
    const item = await loaders.items.load(id as ItemId);
    return item && { ...item, __typename: item.origin === 'GENERATED' ? 'GeneratedItem' : 'CatalogItem' };
  },
  Catalogue: (id, { loaders }) => typed('Catalogue', loaders.catalogues.load(id as CatalogueId)),
  Person: async (id, { viewerOrNull }) => {
    const person = await viewerOrNull();
    return person?.id === id ? { ...person, __typename: 'Viewer' } : null;
  },
  Facet: (id, { loaders }) => typed('TasteFacet', loaders.facets.load(id as FacetId)),
  Event: (id, { loaders }) => typed('FeedbackEvent', loaders.events.load(id as EventId)),
  Explanation: (id, { loaders }) => typed('Explanation', loaders.explanationsById.load(id as ExplanationId)),
  ModelVersion: (id, { loaders, scopes }) =>
    scopes.has('ANALYST')
      ? typed('ModelVersion', loaders.models.load(id as ModelVersionId))
      : Promise.resolve(null),
  Collection: async (id, { ports, viewerOrNull }) => {
    const person = await viewerOrNull();
    const [found] = await ports.stores.collections.byIds([id as CollectionId]);
    return found !== undefined && found.ownerId === person?.id
      ? { ...found, __typename: 'Collection' }
      : null;
  },
  ReferencePicture: async (id, { ports, viewerOrNull }) => {
    const [person, found] = [await viewerOrNull(), await ports.stores.references.byId(id as ReferenceId)];
    return found !== null && found.personId === person?.id
      ? { ...found, __typename: 'ReferencePicture' }
      : null;
  },
  Webhook: async (id, context) => {
    const found = await ownWebhook(id as WebhookId, context);
    return found && { ...found, __typename: 'Webhook' };
  },
  WebhookDelivery: async (id, context) => {
    const found = await context.ports.stores.webhooks.delivery(id as WebhookDeliveryId);
    const isOwn = found !== null && (await ownWebhook(found.endpointId, context)) !== null;
    return isOwn ? { ...found, __typename: 'WebhookDelivery' } : null;
  },
  Job: async (id, { ports, viewerOrNull }) => {
    const person = await viewerOrNull();
    const job = person && (await jobOf(ports, person, id as JobId));
    return job && { ...job, __typename: job.name === 'generate-pictures' ? 'GenerationJob' : 'BulkJob' };
  },
};

async function ownWebhook(
  id: WebhookId,
  { ports, viewerOrNull }: ApiContext,
): Promise<WebhookEndpoint | null> {
  const [person, found] = [await viewerOrNull(), await ports.stores.webhooks.byId(id)];
  return found?.personId === person?.id ? found : null;
}

function fetchNode(id: string, context: ApiContext): Promise<Typed | null> {
  const found = context.ids.peek(id);
  const fetch = found === null ? undefined : FETCH[found.kind];
  return found === null || fetch === undefined ? Promise.resolve(null) : fetch(found.value, context);
}
