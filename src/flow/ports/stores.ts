import type { FeedbackEvent } from '../../domain/event.js';
import type {
  CatalogueId,
  EventId,
  ExplanationId,
  FacetId,
  ItemId,
  JobId,
  MediaHash,
  ModelVersionId,
  PersonId,
  RequestId,
} from '../../domain/ids.js';
import type { Catalogue, Item, Visibility } from '../../domain/item.js';
import type { Job, JobEvent, JobEventBody, JobStatus } from '../../domain/job.js';
import type { Media } from '../../domain/media.js';
import type {
  ModelRole,
  ModelState,
  ModelTransition,
  ModelVersion,
  MoveCause,
} from '../../domain/model-version.js';
import type { Consent, Control, Facet, Person } from '../../domain/person.js';
import type { Explanation, ServedRequest } from '../../domain/recommendation.js';
import type { Work } from '../../domain/work.js';
import type { JobName, JobPayloads } from '../jobs.js';
import type {
  CollectionStore,
  DeletionStore,
  GalleryStore,
  LookStore,
  RatingStore,
  StackStore,
  TagStore,
  TraitStore,
} from './gallery-stores.js';
import type { ImportStore } from './import-store.js';
import type { CostStore, ProviderRunStore, ReferenceStore } from './provider-stores.js';
import type { QueueOutlook, WorkerStore } from './queue-outlook.js';
import type { WebhookStore } from './webhook-ports.js';

export interface CatalogueStore {
  /** Creates it, or updates name, domain and language of the one with this key. */
  save(catalogue: Omit<Catalogue, 'id'>): Promise<Catalogue>;
  byKey(key: string): Promise<Catalogue | null>;
  byIds(ids: readonly CatalogueId[]): Promise<Catalogue[]>;
  all(): Promise<Catalogue[]>;
  itemCounts(ids: readonly CatalogueId[]): Promise<Map<CatalogueId, number>>;
}

export type NewItem = Omit<Item, 'id' | 'createdAt'>;

export interface ItemStore {
  /** Inserts or updates by (catalogue, externalId); returns how many were new. One statement for the whole batch. */
  saveAll(items: readonly NewItem[]): Promise<{ inserted: number; updated: number }>;
  byIds(ids: readonly ItemId[]): Promise<Item[]>;
  byExternalIds(catalogueId: CatalogueId, externalIds: readonly string[]): Promise<Item[]>;
  /** Every item that may be ranked: visible to all, not expired. Ordered by id. Includes PUBLIC generated ones. */
  rankable(catalogueId: CatalogueId, now: Date): Promise<Item[]>;
  count(catalogueId: CatalogueId): Promise<number>;
  /** The item whose picture this is (when several share the bytes: a generated one, and one that others may see, first). */
  byMedia(hash: MediaHash): Promise<Item | null>;
  saveVectors(vectors: ReadonlyMap<ItemId, Float32Array>): Promise<void>;
  vectors(ids: readonly ItemId[]): Promise<Map<ItemId, Float32Array>>;
  allVectors(catalogueId: CatalogueId): Promise<Map<ItemId, Float32Array>>;
  withoutVectors(catalogueId: CatalogueId, limit: number): Promise<Item[]>;
  countWithoutVectors(catalogueId: CatalogueId): Promise<number>;
}

export interface PersonStore {
  /** Creates the person, or returns the one with this external id unchanged. */
  ensure(person: Omit<Person, 'id'>): Promise<Person>;
  ensureAll(people: readonly Omit<Person, 'id'>[]): Promise<Map<string, PersonId>>;
  byId(id: PersonId): Promise<Person | null>;
  byIds(ids: readonly PersonId[]): Promise<Person[]>;
  byExternalId(externalId: string): Promise<Person | null>;
  /** Everybody, `limit` at a time, by external id: those after this one, null for the first. */
  after(externalId: string | null, limit: number): Promise<Person[]>;
  /** People with an `about` line, for the demo's person chooser; ordered by display name. */
  withAbout(limit: number): Promise<Person[]>;
  setConsent(id: PersonId, consent: Consent): Promise<void>;
}

export interface AppendResult {
  readonly accepted: readonly FeedbackEvent[];
  readonly duplicates: number;
}

export interface EventStore {
  /**
   * Stores those whose clientEventId is new and wakes who follows their person; the rest are counted as duplicates. One statement,
   * so that both happen or neither.
   */
  appendAll(events: readonly Omit<FeedbackEvent, 'id' | 'undoneAt'>[]): Promise<AppendResult>;
  byIds(ids: readonly EventId[]): Promise<FeedbackEvent[]>;
  /** Marks the person's own event as undone; false when there is no such event. */
  undo(personId: PersonId, clientEventId: string, at: Date): Promise<boolean>;
  /** Every event on the catalogue's items that is not undone, of people who allow training, by person, then time, then insertion. */
  trainingLog(catalogueId: CatalogueId): AsyncIterable<readonly TrainingRow[]>;
  count(catalogueId: CatalogueId): Promise<number>;
  /** How many people wanted each item in [from, to): for trends and the popularity baseline. */
  wantedCounts(catalogueId: CatalogueId, from: Date, to: Date): Promise<Map<ItemId, number>>;
}

export interface TrainingRow {
  readonly personId: PersonId;
  readonly itemId: ItemId;
  readonly type: FeedbackEvent['type'];
  readonly value: number | null;
  readonly at: Date;
}

/** What a person did and said, as an answer needs it. */
export interface PersonKnowledge {
  /** The newest ones with an item, not undone, newest first. */
  readonly events: readonly FeedbackEvent[];
  /** Oldest first. */
  readonly controls: readonly Control[];
  /** Heaviest first. */
  readonly facets: readonly Facet[];
}

export interface ProfileStore {
  /** In a transaction: whoever else changes this person's facets waits for its end. */
  hold(personId: PersonId): Promise<void>;
  /** All of it in one statement, so that every part is of one moment; of the events at most `limit`. */
  known(personId: PersonId, limit: number): Promise<PersonKnowledge>;
  facets(personId: PersonId): Promise<Facet[]>;
  facetsByIds(ids: readonly FacetId[]): Promise<Facet[]>;
  saveFacet(facet: Omit<Facet, 'id'> & { readonly id?: FacetId }): Promise<Facet>;
  removeFacet(personId: PersonId, id: FacetId): Promise<boolean>;
  /** Idempotent by (person, kind, target). */
  addControl(control: Control): Promise<void>;
  removeControl(personId: PersonId, kind: Control['kind'], target: string): Promise<boolean>;
}

/** An answer that somebody reacted to: what was read, what was shown, best first, and what was done with it, oldest first. */
export interface ServedReactions {
  readonly requestId: RequestId;
  readonly personId: PersonId;
  readonly history: readonly ItemId[];
  readonly entries: readonly ItemId[];
  readonly reactions: readonly (Pick<FeedbackEvent, 'type' | 'value'> & { readonly itemId: ItemId })[];
}

export interface AnswerStore {
  /** Answers of the catalogue with a reaction that was not undone, of people who allow training, oldest first. */
  reactions(catalogueId: CatalogueId): AsyncIterable<readonly ServedReactions[]>;
  saveRequest(request: ServedRequest): Promise<void>;
  request(id: RequestId): Promise<ServedRequest | null>;
  saveExplanations(explanations: readonly Explanation[]): Promise<void>;
  explanations(ids: readonly ExplanationId[]): Promise<Explanation[]>;
  explanationsFor(
    requestId: RequestId,
    itemIds: readonly ItemId[],
    style: Explanation['style'],
  ): Promise<Explanation[]>;
}

export interface MediaStore {
  save(media: Media): Promise<void>;
  saveAll(media: readonly Media[]): Promise<void>;
  byHashes(hashes: readonly MediaHash[]): Promise<Media[]>;
  /** Forgets those that no item shows: their addresses lead nowhere from then on. */
  withdraw(hashes: readonly MediaHash[]): Promise<void>;
  /** Pictures of works whose perceptual hash differs in at most so many bits, nearest first. */
  near(perceptualHash: string, bits: number, limit: number): Promise<Media[]>;
}

export interface WorkStore {
  /** Idempotent by (job, index): a second attempt finds the first one's output and changes nothing. */
  save(work: Work, item: Item): Promise<{ readonly isNew: boolean; readonly itemId: ItemId }>;
  byItemIds(ids: readonly ItemId[]): Promise<Work[]>;
  byJobs(jobIds: readonly JobId[]): Promise<Work[]>;
  remixesOf(parentId: ItemId, limit: number): Promise<Work[]>;
  /** Of its item with it. Answers what it was; null, and nothing changes, where it is hidden. */
  setVisibility(itemId: ItemId, visibility: Visibility): Promise<Visibility | null>;
  setRecipeShared(itemId: ItemId, shared: boolean): Promise<void>;
}

export interface FavouriteStore {
  set(personId: PersonId, itemId: ItemId, on: boolean, at: Date): Promise<void>;
  counts(itemIds: readonly ItemId[]): Promise<Map<ItemId, number>>;
  ofPerson(personId: PersonId, itemIds: readonly ItemId[]): Promise<Set<ItemId>>;
}

export interface JobStore {
  byId(id: JobId): Promise<Job | null>;
  byIds(ids: readonly JobId[]): Promise<Job[]>;
  /** Newest first; of every name, unless one is given. */
  ofPerson(
    personId: PersonId,
    page: { readonly first: number; readonly after?: JobId; readonly name?: JobName },
  ): Promise<Job[]>;
  /** Jobs of this person that wait or run. In a transaction, whoever else counts for the same person waits for its end. */
  countOpen(personId: PersonId): Promise<number>;
  /** The newest unfinished or finished job of a name, e.g. to show that training runs. */
  latest(name: JobName): Promise<Job | null>;
  create<N extends JobName>(job: {
    readonly id: JobId;
    readonly name: N;
    readonly personId: PersonId | null;
    readonly payload: JobPayloads[N];
    readonly maxAttempts: number;
    readonly createdAt: Date;
    readonly deadline: Date | null;
  }): Promise<Job>;
  /** QUEUED or RUNNING (a retry) -> RUNNING with a new fence; null when it is finished already. Appends STARTED. */
  start(id: JobId, at: Date): Promise<Job | null>;
  /** Refused (false) when the fence is old or the job is finished. Appends PROGRESSED. */
  progress(
    id: JobId,
    fence: number,
    event: Extract<JobEventBody, { kind: 'PROGRESSED' }>,
    at: Date,
  ): Promise<boolean>;
  /** Refused (false) like `progress`. Appends OUTPUT_READY once per index. */
  outputReady(
    id: JobId,
    fence: number,
    output: { index: number; itemId: ItemId },
    at: Date,
  ): Promise<boolean>;
  /** Moves to a final state once; false when it was final before, or the fence is old. Appends FINISHED. */
  finish(
    id: JobId,
    fence: number | null,
    outcome: { status: JobStatus; result?: Job['result']; failure?: Job['failure'] },
    at: Date,
  ): Promise<boolean>;
  appendQueued(id: JobId, event: Extract<JobEventBody, { kind: 'QUEUED' }>, at: Date): Promise<void>;
  /** Events after a cursor (0n: from the start), oldest first. */
  eventsAfter(id: JobId, after: bigint, limit: number): Promise<JobEvent[]>;
  /** How many jobs of the same name wait in front of this one (0: next). */
  queuePosition(id: JobId): Promise<number>;
  /** Unfinished jobs created before a time for which the queue holds no message: what a worker has to send again. */
  withoutMessage(before: Date, limit: number): Promise<{ readonly name: JobName; readonly id: JobId }[]>;
  /** What an estimate of a job's end is made of, as of now; null for an unknown job. */
  outlook(id: JobId, at: Date): Promise<QueueOutlook | null>;
  /** Unfinished jobs with a deadline, the earliest first. */
  withDeadline(limit: number): Promise<{ readonly id: JobId; readonly deadline: Date }[]>;
  /** Jobs that ended as FAILED, the newest first. */
  failed(limit: number): Promise<Job[]>;
}

/** Enqueues inside the caller's transaction: the row and the message exist together or not at all. */
export interface JobQueue {
  send(name: JobName, jobId: JobId): Promise<void>;
}

export interface IdempotencyStore {
  /**
   * Claims (person, operation, key). 'new': go on, then `complete`. 'replay': the stored reference is the answer.
   * Throws DomainError IDEMPOTENCY_KEY_REUSED when the key came before with other arguments.
   */
  claim(entry: {
    readonly personId: PersonId;
    readonly operation: string;
    readonly key: string;
    readonly argumentsHash: string;
    readonly at: Date;
  }): Promise<{ readonly state: 'new' } | { readonly state: 'replay'; readonly reference: string }>;
  complete(personId: PersonId, operation: string, key: string, reference: string): Promise<void>;
}

export interface ModelStore {
  save(model: Omit<ModelVersion, 'id'>): Promise<ModelVersion>;
  byIds(ids: readonly ModelVersionId[]): Promise<ModelVersion[]>;
  live(role: ModelRole, catalogueId: CatalogueId | null): Promise<ModelVersion | null>;
  /** The one that answers beside the live one, seen by nobody. */
  shadow(role: ModelRole, catalogueId: CatalogueId | null): Promise<ModelVersion | null>;
  list(filter: { readonly role?: ModelRole; readonly state?: ModelState }): Promise<ModelVersion[]>;
  /**
   * Changes its state and stores why, together. Who takes a place that only one may have (LIVE, SHADOW) sends the one before it
   * away (to RETIRED, to CANDIDATE). `over` names the model that was live when the decision was taken: if it is another one by
   * now, nothing happens and CONFLICT says so.
   */
  move(
    id: ModelVersionId,
    to: ModelState,
    cause: MoveCause & { readonly over?: ModelVersionId | null },
  ): Promise<Moved>;
  /** Makes the model live again that the live one replaced when it was promoted. */
  rollBack(role: ModelRole, catalogueId: CatalogueId | null, cause: MoveCause): Promise<Moved>;
  /** Oldest first, all of them. */
  history(ids: readonly ModelVersionId[]): Promise<ModelTransition[]>;
}

export interface Moved {
  readonly model: ModelVersion;
  /** What had the place before; null where it was free. */
  readonly previous: ModelVersion | null;
}

/** What a model in the shadow would have answered, beside what was shown: the first ten of either. */
export interface ShadowAnswer {
  readonly requestId: RequestId;
  readonly modelVersionId: ModelVersionId;
  readonly items: readonly ItemId[];
  readonly liveItems: readonly ItemId[];
  /** Share of the first ten that both have. */
  readonly overlap: number;
  readonly at: Date;
}

export interface ShadowCounts {
  readonly requests: number;
  /** Mean over the requests. */
  readonly overlap: number;
  /** Items that were wanted after one of these requests, as its events say. */
  readonly wanted: number;
  /** How many of them the shadow had among its first ten, and how many the live answer. */
  readonly hits: number;
  readonly liveHits: number;
}

export interface ShadowStore {
  /** Once per request. */
  save(answer: ShadowAnswer): Promise<void>;
  counts(ids: readonly ModelVersionId[]): Promise<Map<ModelVersionId, ShadowCounts>>;
}

export interface GalleryChange {
  readonly seq: bigint;
  readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED';
  readonly itemId: ItemId;
  readonly ownerId: PersonId;
  readonly visibility: Visibility;
  /** Its visibility before, where that was another one: who saw it then is told that it went. */
  readonly was?: Visibility;
  readonly at: Date;
}
export interface GalleryLog {
  append(change: Omit<GalleryChange, 'seq'>): Promise<void>;
  /** What concerns the viewer: own works, public ones, and, as REMOVED, those that were public. */
  after(seq: bigint, viewerId: PersonId, limit: number): Promise<GalleryChange[]>;
  latestSeq(): Promise<bigint>;
  /** Works with a change after this one, whoever may see them; at most `limit` changes are read. */
  changedSince(seq: bigint, limit: number): Promise<ItemId[]>;
}

export interface Stores {
  readonly catalogues: CatalogueStore;
  readonly items: ItemStore;
  readonly people: PersonStore;
  readonly events: EventStore;
  readonly profiles: ProfileStore;
  readonly answers: AnswerStore;
  readonly media: MediaStore;
  readonly works: WorkStore;
  readonly favourites: FavouriteStore;
  readonly jobs: JobStore;
  readonly workers: WorkerStore;
  readonly queue: JobQueue;
  readonly idempotency: IdempotencyStore;
  readonly models: ModelStore;
  readonly shadows: ShadowStore;
  readonly imports: ImportStore;
  readonly galleryLog: GalleryLog;
  readonly gallery: GalleryStore;
  readonly stacks: StackStore;
  readonly ratings: RatingStore;
  readonly tags: TagStore;
  readonly looks: LookStore;
  readonly traits: TraitStore;
  readonly collections: CollectionStore;
  readonly deletions: DeletionStore;
  readonly providerRuns: ProviderRunStore;
  readonly costs: CostStore;
  readonly references: ReferenceStore;
  readonly webhooks: WebhookStore;
}

/** All of it or none of it. Possible because the queue lives in the same Postgres as the data. */
export type Transaction = <T>(work: (stores: Stores) => Promise<T>) => Promise<T>;
