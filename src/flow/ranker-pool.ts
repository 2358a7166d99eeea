import type { CatalogueId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import { baselineRanker } from '../domain/ranking/baseline-ranker.js';
import { loadRanker } from '../domain/ranking/ranker.js';
import type { ServingRanker } from '../domain/ranking/serving-ranker.js';
import { type CountedRanker, countedRanker } from './counted-ranker.js';
import { loadTrainingData } from './load-training-data.js';
import type { Ports, WakeupTopic } from './ports.js';
import type { RankerPool, RankingView } from './ranking-view.js';
import { shadowSeat } from './shadow-seat.js';

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
  readonly live: Seat;
  readonly shadow: Seat | null;
}

/** A ranker and the model it was made from; null for the baseline. */
interface Seat extends CountedRanker {
  readonly model: ModelVersion | null;
}

/** Keeps one view per catalogue in memory, swaps it whole when the models or the items change, drops no request meanwhile. */
export function createRankerPool(
  ports: PoolPorts,
): RankerPool & { watch(signal: AbortSignal): Promise<void> } {
  const kept = new Map<CatalogueId, Kept>();
  const building = new Map<CatalogueId, Promise<RankingView>>();
  /** Catalogues that changed while their view was built: what was read may be old already. */
  const again = new Set<CatalogueId>();

  const rebuild = (catalogueId: CatalogueId): Promise<RankingView> => {
    const running = building.get(catalogueId);
    if (running) return running;
    const old = kept.get(catalogueId) ?? null;
    const build = buildView(ports, catalogueId, old)
      .then((made) => {
        kept.set(catalogueId, made);
        retireReplaced(old, made);
        return made.view;
      })
      .finally(() => {
        building.delete(catalogueId);
        if (again.delete(catalogueId)) refresh(catalogueId, () => Promise.resolve(true));
      });
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
      if (isOver()) return;
      for (const id of building.keys()) again.add(id);
      [...kept.keys()].forEach((id) => refresh(id, () => Promise.resolve(true)));
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

/** Closes what answers no more, as soon as nobody waits for it. */
function retireReplaced(old: Kept | null, made: Kept): void {
  const stays = new Set([made.live, made.shadow]);
  for (const seat of [old?.live, old?.shadow]) if (seat && !stays.has(seat)) seat.retire();
}

/** Cheap reads instead of the whole catalogue: promotions and shared works announce themselves, imports are counted. */
async function hasChanged({ stores }: PoolPorts, { view, total, shadow }: Kept): Promise<boolean> {
  const { catalogueId } = view;
  const [count, live, unseen] = await Promise.all([
    stores.items.count(catalogueId),
    stores.models.live('RANKER', catalogueId),
    stores.models.shadow('RANKER', catalogueId),
  ]);
  return count !== total || live?.id !== view.model?.id || unseen?.id !== shadow?.model?.id;
}

async function buildView(ports: PoolPorts, catalogueId: CatalogueId, old: Kept | null): Promise<Kept> {
  const { stores, clock } = ports;
  const [total, rankable, vectors, model, unseen] = await Promise.all([
    stores.items.count(catalogueId),
    stores.items.rankable(catalogueId, clock.now()),
    stores.items.allVectors(catalogueId),
    stores.models.live('RANKER', catalogueId),
    stores.models.shadow('RANKER', catalogueId),
  ]);
  const items = new Map(rankable.map((item) => [item.id, item]));
  const live = await liveSeat(ports, catalogueId, { model, old, itemCount: items.size });
  const shadow = unseen && (await shadowFor(ports, unseen, old));
  const base = { catalogueId, items, vectors };
  const beside = unseen &&
    shadow && { ...base, ...placesOf(shadow.ranker, items), model: unseen, shadow: null };
  const view: RankingView = {
    ...base,
    ...placesOf(live.ranker, items),
    model,
    shadow: beside && shadowSeat(ports, beside.model, () => beside),
  };
  return { view, total, live, shadow, checkedAt: clock.now().getTime() };
}

function placesOf(ranker: ServingRanker, items: RankingView['items']) {
  const numberOf = new Map(ranker.itemIds.map((id, number) => [id, number]));
  return { ranker, numberOf, cold: [...items.keys()].filter((id) => !numberOf.has(id)) };
}

interface Wanted {
  readonly model: ModelVersion | null;
  readonly old: Kept | null;
  readonly itemCount: number;
}

/** A trained ranker holds until another is live; the baseline knows its items only, so it is made anew when they change. */
function keeps({ model, old, itemCount }: Wanted): Seat | null {
  if (old === null) return null;
  if (model !== null) return seatOf(old, model);
  return old.live.model === null && old.view.items.size === itemCount ? old.live : null;
}

/** The seat that has this model already: a shadow that goes live is not loaded twice. */
const seatOf = (old: Kept | null, { id }: ModelVersion): Seat | null =>
  [old?.live, old?.shadow].find((seat) => seat?.model?.id === id) ?? null;

async function liveSeat(ports: PoolPorts, catalogueId: CatalogueId, wanted: Wanted): Promise<Seat> {
  const { model } = wanted;
  const seat = keeps(wanted) ?? (model && (await trainedSeat(ports, model)));
  if (seat) return seat;
  const { data, itemIds } = await loadTrainingData(ports, catalogueId, 0);
  return { model, ...countedRanker(await baselineRanker(data, itemIds), closingFailed(ports)) };
}

/** A shadow that cannot be opened must not keep anybody from an answer: it is missing from the counts, and the log says why. */
async function shadowFor(ports: PoolPorts, model: ModelVersion, old: Kept | null): Promise<Seat | null> {
  const failed = (error: unknown) => {
    ports.log('shadow-not-opened', { modelVersionId: model.id, error });
    return null;
  };
  return seatOf(old, model) ?? (await trainedSeat(ports, model).catch(failed));
}

async function trainedSeat(ports: PoolPorts, model: ModelVersion): Promise<Seat | null> {
  const artefact = model.artefact === null ? null : await ports.blobs.get(model.artefact);
  if (artefact === null) return null;
  return { model, ...countedRanker(await loadRanker(artefact, ports.compute), closingFailed(ports)) };
}

const closingFailed =
  ({ log }: PoolPorts) =>
  (error: unknown) =>
    log('ranker-not-closed', { error });
