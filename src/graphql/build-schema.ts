import 'reflect-metadata';
import { createPubSub } from '@graphql-yoga/subscription';
import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';
import { buildSchema } from 'type-graphql';
import { authChecker } from './auth-checker.js';
import { BulkResolver } from './bulk.resolver.js';
import { CatalogueResolver } from './catalogue.resolver.js';
import {
  CodeExampleResolver,
  CodesResolver,
  MovedCodeResolver,
  SemanticIdResolver,
} from './codes.resolver.js';
import { CatalogItemResolver, ContentResolver, GeneratedItemResolver } from './content.resolver.js';
import {
  CollectionResolver,
  SharedCollectionResolver,
  ShareLinkResolver,
  ViewerCollectionsResolver,
} from './collection.resolver.js';
import { CostResolver } from './cost.resolver.js';
import { DecodingResolver } from './decoding.resolver.js';
import { EventResolver } from './event.resolver.js';
import {
  AttributeEvidenceResolver,
  ClaimResolver,
  ControlResolver,
  ExplanationResolver,
  InteractionEvidenceResolver,
  NeighbourEvidenceResolver,
  PreferenceEvidenceResolver,
} from './explanation.resolver.js';
import { GalleryActionsResolver } from './gallery-actions.resolver.js';
import { GalleryChangesResolver } from './gallery-changes.resolver.js';
import { GalleryConnectionResolver, GalleryEdgeResolver, GalleryResolver } from './gallery.resolver.js';
import {
  JobEventsResolver,
  JobFinishedResolver,
  JobOutputReadyResolver,
  JobProgressedResolver,
} from './job-events.resolver.js';
import { ImaginedNeighbourResolver, ImagineResolver } from './imagine.resolver.js';
import { locateDomainErrors } from './locate-domain-errors.js';
import { ItemJobResolver, JobResolver, ViewerJobsResolver } from './job.resolver.js';
import {
  ModelMoveResolver,
  ModelTransitionResolver,
  ModelVersionResolver,
} from './model-registry.resolver.js';
import { ModelResolver } from './model.resolver.js';
import { NodeResolver } from './node.resolver.js';
import {
  DemoPersonResolver,
  ProfileResolver,
  TasteFacetResolver,
  ViewerResolver,
} from './person.resolver.js';
import { ProvenanceResolver } from './provenance.resolver.js';
import {
  RecommendationConnectionResolver,
  RecommendationEdgeResolver,
  RecommendationResolver,
  SimilarResolver,
} from './recommendation.resolver.js';
import { RecipeResolver } from './recipe.resolver.js';
import { ReferencePictureResolver, ReferenceResolver } from './reference.resolver.js';
import { SystemResolver } from './system.resolver.js';
import { ViewerWebhooksResolver, WebhookDeliveryResolver, WebhookResolver } from './webhook.resolver.js';
import { WorksJobResolver } from './works-job.resolver.js';
import { WorkFactsResolver } from './work-facts.resolver.js';

/** Every resolver of the API, in one list. */
const resolvers = [
  NodeResolver,
  ViewerResolver,
  ProfileResolver,
  TasteFacetResolver,
  DemoPersonResolver,
  CatalogueResolver,
  ContentResolver,
  CatalogItemResolver,
  GeneratedItemResolver,
  SimilarResolver,
  DecodingResolver,
  ItemJobResolver,
  RecipeResolver,
  ProvenanceResolver,
  RecommendationResolver,
  RecommendationConnectionResolver,
  RecommendationEdgeResolver,
  ExplanationResolver,
  ClaimResolver,
  ControlResolver,
  InteractionEvidenceResolver,
  AttributeEvidenceResolver,
  NeighbourEvidenceResolver,
  PreferenceEvidenceResolver,
  ImagineResolver,
  ImaginedNeighbourResolver,
  EventResolver,
  JobResolver,
  ViewerJobsResolver,
  CostResolver,
  ReferenceResolver,
  ReferencePictureResolver,
  JobEventsResolver,
  JobProgressedResolver,
  JobOutputReadyResolver,
  JobFinishedResolver,
  GalleryResolver,
  GalleryConnectionResolver,
  GalleryEdgeResolver,
  GalleryActionsResolver,
  GalleryChangesResolver,
  WorkFactsResolver,
  CollectionResolver,
  SharedCollectionResolver,
  ShareLinkResolver,
  ViewerCollectionsResolver,
  BulkResolver,
  WorksJobResolver,
  ModelResolver,
  ModelMoveResolver,
  ModelVersionResolver,
  ModelTransitionResolver,
  CodesResolver,
  CodeExampleResolver,
  MovedCodeResolver,
  SemanticIdResolver,
  ViewerWebhooksResolver,
  WebhookResolver,
  WebhookDeliveryResolver,
  SystemResolver,
] as const;

export async function buildApiSchema(): Promise<GraphQLSchema> {
  // type-graphql wants a PubSub once there is a subscription; ours read their event logs and never use it
  const parts = { resolvers: [...resolvers] as const, authChecker, validate: false, pubSub: createPubSub() };
  return locateDomainErrors(await buildSchema(parts));
}

/** The schema as it is committed: sorted, so that a diff shows what changed and nothing else. */
export async function printApiSchema(): Promise<string> {
  return `${printSchema(lexicographicSortSchema(await buildApiSchema()))}\n`;
}
