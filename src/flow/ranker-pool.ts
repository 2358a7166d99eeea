import type { CatalogueId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import { baselineRanker } from '../domain/ranking/baseline-ranker.js';
import { loadRanker } from '../domain/ranking/ranker.js';
import type { ServingRanker } from '../domain/ranking/serving-ranker.js';
import { loadTrainingData } from './load-training-data.js';
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
      buildView(ports, catalogueId, kept.get(catalogueId)?.view ?? null),
    ])
      .then(([total, view]) => {
        kept.set(catalogueId, { view, total, checkedAt: ports.clock.now().getTime() });
        return view;
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

/** Two cheap reads instead of the whole catalogue: promotions and shared works announce themselves, imports are counted. */
async function hasChanged({ stores }: PoolPorts, { view, total }: Kept): Promise<boolean> {
  const [count, model] = await Promise.all([
    stores.items.count(view.catalogueId),
    stores.models.live('RANKER', view.catalogueId),
  ]);
  return count !== total || model?.id !== view.model?.id;
}

async function buildView(
  ports: PoolPorts,
  catalogueId: CatalogueId,
  old: RankingView | null,
): Promise<RankingView> {
  const { stores, clock } = ports;
  const [rankable, vectors, model] = await Promise.all([
    stores.items.rankable(catalogueId, clock.now()),
    stores.items.allVectors(catalogueId),
    stores.models.live('RANKER', catalogueId),
  ]);
  const items = new Map(rankable.map((item) => [item.id, item]));
  const ranker = await rankerFor(ports, catalogueId, { model, old, itemCount: items.size });
  const numberOf = new Map(ranker.itemIds.map((id, number) => [id, number]));
  const cold = [...items.keys()].filter((id) => !numberOf.has(id));
  return { catalogueId, ranker, model, items, vectors, numberOf, cold };
}

interface Wanted {
  readonly model: ModelVersion | null;
  readonly old: RankingView | null;
  readonly itemCount: number;
}

/** A trained ranker holds until another is live; the baseline knows its items only, so it is made anew when they change. */
function stillRight(old: RankingView, { model, itemCount }: Wanted): boolean {
  return model === null ? old.model === null && old.items.size === itemCount : old.model?.id === model.id;
}

async function rankerFor(ports: PoolPorts, catalogueId: CatalogueId, wanted: Wanted): Promise<ServingRanker> {
  if (wanted.old !== null && stillRight(wanted.old, wanted)) return wanted.old.ranker;
  const { model } = wanted;
  const key = model?.artefact ?? null;
  const artefact = key === null ? null : await ports.blobs.get(key);
  if (artefact !== null) return loadRanker(artefact, ports.compute);
  const { data, itemIds } = await loadTrainingData(ports, catalogueId, 0);
  return baselineRanker(data, itemIds);
}
