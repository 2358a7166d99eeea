import type { CatalogueId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { Ports, WakeupTopic } from './ports.js';
import { liveSeat, type Seat, shadowFor } from './ranker-seats.js';
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
  /** Items without a text vector then: when there are fewer, the ranker can take some up. */
  readonly wordless: number;
  readonly checkedAt: number;
  readonly live: Seat;
  readonly shadow: Seat | null;
  /** The model in the shadow, though it could not be opened: what is wanted is compared, or it would be tried for ever. */
  readonly unseen: ModelVersion | null;
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
async function hasChanged({ stores }: PoolPorts, { view, total, unseen, wordless }: Kept): Promise<boolean> {
  const { catalogueId } = view;
  const [count, live, beside] = await Promise.all([
    stores.items.count(catalogueId),
    stores.models.live('RANKER', catalogueId),
    stores.models.shadow('RANKER', catalogueId),
  ]);
  if (count !== total || live?.id !== view.model?.id || beside?.id !== unseen?.id) return true;
  return wordless > 0 && (await stores.items.countWithoutVectors(catalogueId)) < wordless;
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
  const wanted = {
    model,
    seats: [old?.live, old?.shadow],
    rankable,
    vectors,
    itemCount: old?.view.items.size,
  };
  const live = await liveSeat(ports, catalogueId, wanted);
  const shadow = unseen && (await shadowFor(ports, { ...wanted, model: unseen }));
  const base = { catalogueId, items, vectors };
  const beside = unseen && shadow && { ...base, ...placesOf(shadow, items), model: unseen, shadow: null };
  const view: RankingView = {
    ...base,
    ...placesOf(live, items),
    model,
    shadow: beside && shadowSeat(ports, unseen.id, beside),
  };
  const wordless = live.trained === null ? 0 : await stores.items.countWithoutVectors(catalogueId);
  const checkedAt = clock.now().getTime();
  return { view, total, live, shadow, unseen, wordless, checkedAt };
}

/** Cold is what came after training, though the ranker may have codes for it by now. */
function placesOf({ ranker, trained }: Seat, items: RankingView['items']) {
  const numberOf = new Map(ranker.itemIds.map((id, number) => [id, number]));
  const first = trained?.items ?? Infinity;
  return {
    ranker,
    numberOf,
    cold: [...items.keys()].filter((id) => (numberOf.get(id) ?? Infinity) >= first),
  };
}
