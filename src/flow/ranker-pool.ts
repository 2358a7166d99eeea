import { DomainError } from '../domain/errors.js';
import type { CatalogueId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { ModelVersion } from '../domain/model-version.js';
import { baselineRanker } from '../domain/ranking/baseline-ranker.js';
import { loadRanker, type TrainedRanker } from '../domain/ranking/ranker.js';
import type { ServingRanker } from '../domain/ranking/serving-ranker.js';
import { loadTrainingData, titleOf } from './load-training-data.js';
import type { Ports, WakeupTopic } from './ports.js';
import type { RankerPool, RankingView } from './ranking-view.js';

type PoolPorts = Pick<Ports, 'stores' | 'clock' | 'blobs' | 'compute' | 'wakeups' | 'log'>;

/** Items come and go; a view older than this is checked against the store in the background, never in the way of an answer. */
const FRESH_MS = 10_000;
/** A lost wake-up costs no more than this. */
const MISSED_MS = 300_000;

interface Kept {
  readonly view: RankingView;
  /** Items of the catalogue when the view was built, hidden ones included. */
  readonly total: number;
  /** Items without a text vector then (up to a limit): when there are fewer, the ranker can take some up. */
  readonly wordless: number;
  /** The view's ranker where it was trained, and on how many items; those after them came later. */
  readonly trained: { readonly ranker: TrainedRanker; readonly items: number } | null;
  readonly checkedAt: number;
}

/** Keeps one view per catalogue in memory, swaps it whole when the live model or the items change, drops no request meanwhile. */
export function createRankerPool(
  ports: PoolPorts,
): RankerPool & { watch(signal: AbortSignal): Promise<void> } {
  const kept = new Map<CatalogueId, Kept>();
  const building = new Map<CatalogueId, Promise<RankingView>>();

  const rebuild = (catalogueId: CatalogueId): Promise<RankingView> => {
    const running = building.get(catalogueId);
    if (running) return running;
    const build = Promise.all([
      ports.stores.items.count(catalogueId),
      buildView(ports, catalogueId, kept.get(catalogueId) ?? null),
    ])
      .then(([total, built]) => {
        kept.set(catalogueId, { ...built, total, checkedAt: ports.clock.now().getTime() });
        return built.view;
      })
      .finally(() => building.delete(catalogueId));
    building.set(catalogueId, build);
    return build;
  };
  const refresh = (catalogueId: CatalogueId, check: (kept: Kept) => Promise<boolean>) => {
    const known = kept.get(catalogueId);
    if (known === undefined) return;
    kept.set(catalogueId, { ...known, checkedAt: ports.clock.now().getTime() });
    check(known)
      .then((isStale) => (isStale ? rebuild(catalogueId) : known.view))
      .catch((error: unknown) => ports.log('ranking-view-refresh-failed', { catalogueId, error }));
  };
  const rebuildAllAt = async (topic: WakeupTopic, signal: AbortSignal): Promise<void> => {
    const isOver = () => signal.aborted; // asked afresh after each wait
    while (!isOver()) {
      await ports.wakeups.wait(topic, MISSED_MS, signal);
      if (!isOver()) [...kept.keys()].forEach((id) => refresh(id, () => Promise.resolve(true)));
    }
  };

  return {
    async view(catalogueId) {
      const known = kept.get(catalogueId);
      if (known === undefined) return rebuild(catalogueId);
      if (ports.clock.now().getTime() - known.checkedAt > FRESH_MS)
        refresh(catalogueId, (one) => hasChanged(ports, one));
      return known.view;
    },
    async watch(signal) {
      await Promise.all([rebuildAllAt('models', signal), rebuildAllAt('gallery', signal)]);
    },
  };
}

/** Cheap reads instead of the whole catalogue: promotions and shared works announce themselves, imports are counted. */
async function hasChanged({ stores }: PoolPorts, { view, total, wordless }: Kept): Promise<boolean> {
  const [count, model] = await Promise.all([
    stores.items.count(view.catalogueId),
    stores.models.live('RANKER', view.catalogueId),
  ]);
  if (count !== total || model?.id !== view.model?.id) return true;
  return wordless > 0 && (await wordlessItems(stores, view.catalogueId)) < wordless;
}

/** Beyond so many, reading words is still far from done, and there is no hurry to look again. */
const MOST_WORDLESS = 1000;

async function wordlessItems(stores: PoolPorts['stores'], catalogueId: CatalogueId): Promise<number> {
  return (await stores.items.withoutVectors(catalogueId, MOST_WORDLESS)).length;
}

type Built = Pick<Kept, 'view' | 'trained' | 'wordless'>;

async function buildView(ports: PoolPorts, catalogueId: CatalogueId, old: Kept | null): Promise<Built> {
  const { stores, clock } = ports;
  const [rankable, vectors, model] = await Promise.all([
    stores.items.rankable(catalogueId, clock.now()),
    stores.items.allVectors(catalogueId),
    stores.models.live('RANKER', catalogueId),
  ]);
  const items = new Map(rankable.map((item) => [item.id, item]));
  const wanted = { model, old, itemCount: items.size };
  const trained = await trainedFor(ports, wanted);
  const grown = trained && {
    ...trained,
    ranker: await withNewItems(ports, trained.ranker, { rankable, vectors }),
  };
  const ranker = grown?.ranker ?? (await baselineFor(ports, catalogueId, wanted));
  const numberOf = new Map(ranker.itemIds.map((id, number) => [id, number]));
  const cold = [...items.keys()].filter((id) => (numberOf.get(id) ?? Infinity) >= (grown?.items ?? Infinity));
  const wordless = grown === null ? 0 : await wordlessItems(stores, catalogueId);
  return { view: { catalogueId, ranker, model, items, vectors, numberOf, cold }, trained: grown, wordless };
}

/**
 * Items that came after training get their codes from their text and can be ranked at once: oldest first, so that every server
 * gives them the same codes. Those without a vector wait for it, and a ranker without codes takes none.
 */
async function withNewItems(
  { log }: PoolPorts,
  ranker: TrainedRanker,
  { rankable, vectors }: { rankable: readonly Item[]; vectors: RankingView['vectors'] },
): Promise<TrainedRanker> {
  const known = new Set(ranker.itemIds);
  const size = ranker.contentSize;
  const fresh = rankable
    .filter(({ id }) => size !== null && !known.has(id) && vectors.get(id)?.length === size)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  if (size === null || fresh.length === 0) return ranker;
  const content = new Float32Array(fresh.length * size); // (fresh, size)
  fresh.forEach(({ id }, i) => content.set(vectors.get(id) ?? [], i * size));
  const items = { ids: fresh.map(({ id }) => id), content, titles: fresh.map(titleOf) };
  try {
    return await ranker.addItems(items, () => new Promise((resolve) => void setImmediate(resolve)));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log('new-items-not-placed', { items: fresh.length, reason: error.message }); // they are still explored
    return ranker;
  }
}

interface Wanted {
  readonly model: ModelVersion | null;
  readonly old: Kept | null;
  readonly itemCount: number;
}

/** A trained ranker holds until another is live. */
async function trainedFor(ports: PoolPorts, { model, old }: Wanted): Promise<Kept['trained']> {
  if (model === null) return null;
  if (old?.view.model?.id === model.id && old.trained !== null) return old.trained;
  const artefact = model.artefact === null ? null : await ports.blobs.get(model.artefact);
  if (artefact === null) return null;
  const ranker = await loadRanker(artefact, ports.compute);
  return { ranker, items: ranker.itemIds.length };
}

/** The baseline knows its items only, so it is made anew when they change. */
async function baselineFor(
  ports: PoolPorts,
  catalogueId: CatalogueId,
  { model, old, itemCount }: Wanted,
): Promise<ServingRanker> {
  if (old?.trained === null && old.view.model?.id === model?.id && old.view.items.size === itemCount)
    return old.view.ranker;
  const { data, itemIds } = await loadTrainingData(ports, catalogueId, 0);
  return baselineRanker(data, itemIds);
}
