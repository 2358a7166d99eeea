import { registerEnumType } from 'type-graphql';
import type { ErrorCode } from '../domain/errors.js';
import { PUBLIC_MARKS, type PublicMark } from '../domain/gallery-marks.js';
import { EVENT_TYPES } from '../domain/event.js';
import { REFERENCE_ROLES, type ReferenceRole } from '../domain/imaging/picture-kind.js';
import type { ItemOrigin, Visibility } from '../domain/item.js';
import { JOB_STATUSES } from '../domain/job.js';
import { WEBHOOK_EVENTS } from '../domain/webhook.js';
import type { ModelActor, ModelRole, ModelState } from '../domain/model-version.js';
import type { FacetOrigin } from '../domain/person.js';
import type { CandidateSource, ControlAction, Explanation, Surface } from '../domain/recommendation.js';
import type { ImaginationSource } from '../domain/ranking/imagined-item.js';
import { TOKENIZER_NAMES, type TokenizerName } from '../domain/semantic-ids/tokenizer.js';
import type { Work } from '../domain/work.js';
import type { StoredOrder } from '../flow/ports/gallery-stores.js';
import type { ManifestCheck } from '../flow/ports.js';
import type { GalleryChange } from '../flow/ports/stores.js';

/** Registers the domain's own words as a GraphQL enum; `values` must name every one, or it does not compile. */
function enumOf<T extends string>(
  name: string,
  values: { readonly [K in T]: K },
  description?: string,
): { readonly [K in T]: K } {
  registerEnumType(values, { name, ...(description === undefined ? {} : { description }) });
  return values;
}
const fromList = <T extends string>(list: readonly T[]) =>
  Object.fromEntries(list.map((value) => [value, value])) as { readonly [K in T]: K };

export const EventTypeEnum = enumOf('EventType', fromList(EVENT_TYPES));
export const JobStatusEnum = enumOf('JobStatus', fromList(JOB_STATUSES));
export const SurfaceEnum = enumOf<Surface>('Surface', {
  HOME: 'HOME',
  DETAIL: 'DETAIL',
  SEARCH: 'SEARCH',
  GALLERY: 'GALLERY',
  EMAIL: 'EMAIL',
  CONVERSATION: 'CONVERSATION',
  CUSTOM: 'CUSTOM',
});
export const VisibilityEnum = enumOf<Visibility>('Visibility', {
  PRIVATE: 'PRIVATE',
  UNLISTED: 'UNLISTED',
  PUBLIC: 'PUBLIC',
  HIDDEN: 'HIDDEN',
});
export const FacetOriginEnum = enumOf<FacetOrigin>('FacetOrigin', {
  STATED: 'STATED',
  OBSERVED: 'OBSERVED',
  INFERRED: 'INFERRED',
  IMPORTED: 'IMPORTED',
});
export const CandidateSourceEnum = enumOf<CandidateSource>('CandidateSource', {
  COLLABORATIVE: 'COLLABORATIVE',
  SEQUENCE: 'SEQUENCE',
  GENERATIVE: 'GENERATIVE',
  CONTENT_SIMILARITY: 'CONTENT_SIMILARITY',
  TRENDING: 'TRENDING',
  NEW: 'NEW',
  STATED_PREFERENCE: 'STATED_PREFERENCE',
  FALLBACK: 'FALLBACK',
});
export type ExplanationStyle = Explanation['style'];
export const ExplanationStyleEnum = enumOf<ExplanationStyle>('ExplanationStyle', {
  SHORT: 'SHORT',
  FULL: 'FULL',
  COUNTERFACTUAL: 'COUNTERFACTUAL',
  TECHNICAL: 'TECHNICAL',
});
export const ControlActionEnum = enumOf<ControlAction>('ControlAction', {
  MORE_LIKE_THIS: 'MORE_LIKE_THIS',
  LESS_LIKE_THIS: 'LESS_LIKE_THIS',
  FORGET_SIGNAL: 'FORGET_SIGNAL',
  HIDE_TOPIC: 'HIDE_TOPIC',
  TURN_OFF_PROFILING: 'TURN_OFF_PROFILING',
});
export const GeneratedKindEnum = enumOf<Work['kind']>(
  'GeneratedKind',
  {
    IMAGE: 'IMAGE',
    VARIATION: 'VARIATION',
    SUBJECT: 'SUBJECT',
    TRY_ON: 'TRY_ON',
    UPSCALE: 'UPSCALE',
    BUNDLE: 'BUNDLE',
  },
  'BUNDLE: 4 to 9 pictures of different things in one palette and one style.',
);
export const ReferenceRoleEnum = enumOf<ReferenceRole>('ReferenceRole', fromList(REFERENCE_ROLES));
export const ContentOriginEnum = enumOf<ItemOrigin>('ContentOrigin', {
  HUMAN: 'HUMAN',
  GENERATED: 'GENERATED',
});
export const ModelRoleEnum = enumOf<ModelRole>('ModelRole', {
  RANKER: 'RANKER',
  IMAGE_GENERATOR: 'IMAGE_GENERATOR',
  EXPLAINER: 'EXPLAINER',
  EMBEDDER: 'EMBEDDER',
});
export const ModelStateEnum = enumOf<ModelState>('ModelState', {
  CANDIDATE: 'CANDIDATE',
  SHADOW: 'SHADOW',
  LIVE: 'LIVE',
  RETIRED: 'RETIRED',
});
export const ModelActorEnum = enumOf<ModelActor>(
  'ModelActor',
  { TRAINING: 'TRAINING', OPERATOR: 'OPERATOR', COMMAND: 'COMMAND' },
  'Who moved a model: a training by the rule, an operator here, or a command on the machine.',
);
export const ChangeKindEnum = enumOf<GalleryChange['kind']>('ChangeKind', {
  ADDED: 'ADDED',
  UPDATED: 'UPDATED',
  REMOVED: 'REMOVED',
});
export const ErrorCodeEnum = enumOf<ErrorCode>('ErrorCode', {
  INVALID_INPUT: 'INVALID_INPUT',
  NOT_FOUND: 'NOT_FOUND',
  FORBIDDEN: 'FORBIDDEN',
  CONFLICT: 'CONFLICT',
  IDEMPOTENCY_KEY_REUSED: 'IDEMPOTENCY_KEY_REUSED',
  QUOTA_EXCEEDED: 'QUOTA_EXCEEDED',
  RATE_LIMITED: 'RATE_LIMITED',
  CONTENT_REFUSED: 'CONTENT_REFUSED',
  PROVIDER_UNAVAILABLE: 'PROVIDER_UNAVAILABLE',
  DEADLINE_EXCEEDED: 'DEADLINE_EXCEEDED',
  STALE_VERSION: 'STALE_VERSION',
});

export type MediaPurpose = 'THUMB' | 'CARD' | 'HERO' | 'ORIGINAL';
export const MediaPurposeEnum = enumOf<MediaPurpose>('MediaPurpose', {
  THUMB: 'THUMB',
  CARD: 'CARD',
  HERO: 'HERO',
  ORIGINAL: 'ORIGINAL',
});
export type GalleryOrder = StoredOrder | 'RELEVANCE' | 'FOR_YOU';
export const GalleryOrderEnum = enumOf<GalleryOrder>(
  'GalleryOrder',
  {
    NEWEST: 'NEWEST',
    TOP_RATED: 'TOP_RATED',
    MOST_FAVOURITED: 'MOST_FAVOURITED',
    RELEVANCE: 'RELEVANCE',
    FOR_YOU: 'FOR_YOU',
  },
  'RELEVANCE needs text or similarTo. FOR_YOU orders by this person’s tastes, with reasons on the edges.',
);
export const GalleryFacetFieldEnum = enumOf<PublicMark>(
  'GalleryFacetField',
  fromList(PUBLIC_MARKS),
  'Facts of a work that anybody may read.',
);
export type WorksAction = 'TAG' | 'DELETE' | 'EXPORT';
export const WorksActionEnum = enumOf<WorksAction>('WorksAction', {
  TAG: 'TAG',
  DELETE: 'DELETE',
  EXPORT: 'EXPORT',
});
export type BulkKind =
  | 'IMPORT'
  | 'TRAIN_MODEL'
  | 'EVALUATE_MODEL'
  | 'REFRESH_CODES'
  | 'TRAIN_PICTURES'
  | 'TAG_WORKS'
  | 'DELETE_WORKS'
  | 'EXPORT_WORKS';
export const BulkKindEnum = enumOf<BulkKind>('BulkKind', {
  IMPORT: 'IMPORT',
  TRAIN_MODEL: 'TRAIN_MODEL',
  EVALUATE_MODEL: 'EVALUATE_MODEL',
  REFRESH_CODES: 'REFRESH_CODES',
  TAG_WORKS: 'TAG_WORKS',
  DELETE_WORKS: 'DELETE_WORKS',
  EXPORT_WORKS: 'EXPORT_WORKS',
  TRAIN_PICTURES: 'TRAIN_PICTURES',
});
export type SignatureState = ManifestCheck['state'];
export const SignatureStateEnum = enumOf<SignatureState>(
  'SignatureState',
  {
    SIGNED: 'SIGNED',
    NO_MANIFEST: 'NO_MANIFEST',
    CHANGED: 'CHANGED',
    FORGED: 'FORGED',
    UNKNOWN_KEY: 'UNKNOWN_KEY',
  },
  'SIGNED: as we signed it. CHANGED: signed by us, but the bytes are others. FORGED: the signature does not fit the text.',
);
export const TokenizerEnum = enumOf<TokenizerName>(
  'Tokenizer',
  fromList(TOKENIZER_NAMES),
  'How items become codes.',
);
export const ImaginationSourceEnum = enumOf<ImaginationSource>(
  'ImaginationSource',
  { DIFFUSION: 'DIFFUSION', TRUNK: 'TRUNK' },
  'DIFFUSION: generated from noise by a trained denoiser. TRUNK: where the sequence model looks.',
);

export const WebhookEventEnum = enumOf('WebhookEvent', fromList(WEBHOOK_EVENTS), 'What can happen to a job.');
export const WebhookStateEnum = enumOf(
  'WebhookState',
  fromList(['WAITING', 'DELIVERED', 'FAILED']),
  'How far a delivery is.',
);
