import DataLoader from 'dataloader';
import type { FeedbackEvent } from '../domain/event.js';
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
} from '../domain/ids.js';
import type { Catalogue, Item } from '../domain/item.js';
import type { Media } from '../domain/media.js';
import type { ModelTransition, ModelVersion } from '../domain/model-version.js';
import type { Facet, Person } from '../domain/person.js';
import type { Explanation } from '../domain/recommendation.js';
import type { Work } from '../domain/work.js';
import { explainItems } from '../flow/explain-items.js';
import type { Ports } from '../flow/ports.js';
import type { ShadowCounts } from '../flow/ports/stores.js';
import type { RankerPool } from '../flow/ranking-view.js';
import { visibleItems } from '../flow/visible-items.js';

type LoaderPorts = Ports & { readonly rankers: RankerPool };

export interface Loaders {
  /** What this viewer may see. */
  readonly items: DataLoader<ItemId, Item | null>;
  readonly media: DataLoader<MediaHash, Media | null>;
  readonly works: DataLoader<ItemId, Work | null>;
  readonly jobWorks: DataLoader<JobId, Work[]>;
  /** In millionths of a US dollar. */
  readonly jobCosts: DataLoader<JobId, { readonly reserved: number; readonly charged: number }>;
  readonly favourites: DataLoader<ItemId, boolean>;
  readonly favouriteCounts: DataLoader<ItemId, number>;
  readonly ratings: DataLoader<ItemId, { readonly mean: number; readonly count: number } | null>;
  /** This viewer's own; null where there is none. */
  readonly ownRatings: DataLoader<ItemId, number | null>;
  /** Labels of this viewer's own works; null for anybody else's. */
  readonly ownTags: DataLoader<ItemId, readonly string[] | null>;
  readonly stackSizes: DataLoader<ItemId, number | null>;
  readonly models: DataLoader<ModelVersionId, ModelVersion | null>;
  /** Oldest first. */
  readonly modelHistory: DataLoader<ModelVersionId, ModelTransition[]>;
  readonly modelShadows: DataLoader<ModelVersionId, ShadowCounts | null>;
  /** Whoever moved a model. */
  readonly operators: DataLoader<PersonId, Person | null>;
  readonly catalogues: DataLoader<CatalogueId, Catalogue | null>;
  readonly itemCounts: DataLoader<CatalogueId, number>;
  /** This viewer's own events; anybody else's is null. */
  readonly events: DataLoader<EventId, FeedbackEvent | null>;
  readonly facets: DataLoader<FacetId, Facet | null>;
  readonly explanationsById: DataLoader<ExplanationId, Explanation | null>;
  /** Reasons for this answer are worked out with these ports. */
  readonly explainFrom: (requestId: RequestId, ports: LoaderPorts) => void;
  readonly explanation: (
    requestId: RequestId,
    itemId: ItemId,
    style: Explanation['style'],
  ) => Promise<Explanation | null>;
}

type WhoAsks = () => Promise<Person | null>;

/** One set per operation: every read of the same kind in one tick becomes one statement. */
export function createLoaders(ports: LoaderPorts, viewer: WhoAsks): Loaders {
  const { stores } = ports;
  const mine = <T extends { readonly personId: string }>(found: readonly T[], person: Person | null) =>
    found.filter(({ personId }) => personId === person?.id);
  return {
    items: fromMap(async (ids) => visibleItems(ports, await viewer(), ids)),
    media: byKey(
      (hashes) => stores.media.byHashes(hashes),
      ({ hash }) => hash,
    ),
    works: byKey(
      (ids) => stores.works.byItemIds(ids),
      ({ itemId }) => itemId,
    ),
    jobWorks: new DataLoader(async (jobIds: readonly JobId[]) => {
      const works = await stores.works.byJobs(jobIds);
      return jobIds.map((id) => works.filter(({ jobId }) => jobId === id).sort((a, b) => a.index - b.index));
    }),
    jobCosts: jobCosts(stores),
    ...favouriteLoaders(stores, viewer),
    ...workFactLoaders(stores, viewer),
    models: byKey(
      (ids) => stores.models.byIds(ids),
      ({ id }) => id,
    ),
    ...registryLoaders(stores),
    operators: byKey(
      (ids) => stores.people.byIds(ids),
      ({ id }) => id,
    ),
    catalogues: byKey(
      (ids) => stores.catalogues.byIds(ids),
      ({ id }) => id,
    ),
    itemCounts: new DataLoader(async (ids: readonly CatalogueId[]) => {
      const counts = await stores.catalogues.itemCounts(ids);
      return ids.map((id) => counts.get(id) ?? 0);
    }),
    events: byKey(
      async (ids) => mine(await stores.events.byIds(ids), await viewer()),
      ({ id }) => id,
    ),
    facets: byKey(
      async (ids) => mine(await stores.profiles.facetsByIds(ids), await viewer()),
      ({ id }) => id,
    ),
    explanationsById: byKey(
      async (ids) => mine(await stores.answers.explanations(ids), await viewer()),
      ({ id }) => id,
    ),
    ...explanationLoader(ports, viewer),
  };
}

function favouriteLoaders(
  { favourites }: Ports['stores'],
  viewer: WhoAsks,
): Pick<Loaders, 'favourites' | 'favouriteCounts'> {
  return {
    favourites: new DataLoader(async (ids: readonly ItemId[]) => {
      const person = await viewer();
      const marked = person === null ? new Set<ItemId>() : await favourites.ofPerson(person.id, ids);
      return ids.map((id) => marked.has(id));
    }),
    favouriteCounts: new DataLoader(async (ids: readonly ItemId[]) => {
      const counts = await favourites.counts(ids);
      return ids.map((id) => counts.get(id) ?? 0);
    }),
  };
}

function workFactLoaders(
  { ratings, tags, stacks }: Ports['stores'],
  viewer: WhoAsks,
): Pick<Loaders, 'ratings' | 'ownRatings' | 'ownTags' | 'stackSizes'> {
  return {
    ratings: fromMap((ids) => ratings.means(ids)),
    ownRatings: fromMap(async (ids) => {
      const person = await viewer();
      return person === null ? new Map<ItemId, number>() : ratings.ofPerson(person.id, ids);
    }),
    ownTags: fromMap(async (ids) => {
      const person = await viewer();
      return person === null ? new Map<ItemId, readonly string[]>() : tags.of(person.id, ids);
    }),
    stackSizes: fromMap(async (ids) => stacks.sizes((await viewer())?.id ?? null, ids)),
  };
}

function registryLoaders({
  models,
  shadows,
}: Ports['stores']): Pick<Loaders, 'modelHistory' | 'modelShadows'> {
  return {
    modelHistory: new DataLoader(async (ids: readonly ModelVersionId[]) => {
      const moves = await models.history(ids);
      return ids.map((id) => moves.filter(({ modelVersionId }) => modelVersionId === id));
    }),
    modelShadows: fromMap((ids) => shadows.counts(ids)),
  };
}

function byKey<K extends string, V>(
  read: (keys: readonly K[]) => Promise<readonly V[]>,
  keyOf: (value: V) => K,
) {
  return fromMap<K, V>(async (keys) => new Map((await read(keys)).map((value) => [keyOf(value), value])));
}

function fromMap<K, V>(read: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>): DataLoader<K, V | null> {
  return new DataLoader(async (keys) => {
    const found = await read(keys);
    return keys.map((key) => found.get(key) ?? null);
  });
}

/** Reasons are worked out together for all cards of an answer that ask in the same style. */
function explanationLoader(
  ports: LoaderPorts,
  viewer: WhoAsks,
): Pick<Loaders, 'explainFrom' | 'explanation'> {
  const batches = new Map<string, DataLoader<ItemId, Explanation | null>>();
  const portsOf = new Map<RequestId, LoaderPorts>();
  const batchOf = (requestId: RequestId, style: Explanation['style']) =>
    fromMap<ItemId, Explanation>(async (itemIds) => {
      const person = await viewer();
      if (person === null) return new Map();
      return explainItems(portsOf.get(requestId) ?? ports, { viewer: person, requestId, itemIds, style });
    });
  return {
    explainFrom: (requestId, remembering) => void portsOf.set(requestId, remembering),
    explanation(requestId, itemId, style) {
      const key = `${requestId} ${style}`;
      const batch = batches.get(key) ?? batchOf(requestId, style);
      batches.set(key, batch);
      return batch.load(itemId);
    },
  };
}

/** A job without a row cost nothing. */
function jobCosts({ costs }: Ports['stores']): Loaders['jobCosts'] {
  return new DataLoader(async (jobIds: readonly JobId[]) => {
    const found = await costs.byJobs(jobIds);
    return jobIds.map((id) => found.get(id) ?? { reserved: 0, charged: 0 });
  });
}
