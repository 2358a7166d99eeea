import { DomainError } from '../domain/errors.js';
import type { CatalogueId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { ModelVersion } from '../domain/model-version.js';
import { baselineRanker } from '../domain/ranking/baseline-ranker.js';
import { cleanEvents } from '../domain/ranking/clean-events.js';
import { loadRanker, type TrainedRanker } from '../domain/ranking/ranker.js';
import { type CountedRanker, countedRanker } from './counted-ranker.js';
import { loadSequences } from './load-sequences.js';
import { titleOf } from './load-training-data.js';
import type { Ports } from './ports.js';
import type { RankingView } from './ranking-view.js';
import { nextTurn } from './next-turn.js';

type SeatPorts = Pick<Ports, 'stores' | 'clock' | 'blobs' | 'compute' | 'log'>;

/** A ranker that answers, and the model it was made from; null for the baseline. */
export interface Seat extends CountedRanker {
  readonly model: ModelVersion | null;
  /** The ranker itself where it was trained, and on how many items; those after them came later. */
  readonly trained: { readonly ranker: TrainedRanker; readonly items: number } | null;
}

interface Wanted {
  readonly model: ModelVersion | null;
  /** Those of the view before: a shadow that goes live is not loaded twice. */
  readonly seats: readonly (Seat | null | undefined)[];
  readonly rankable: readonly Item[];
  readonly vectors: RankingView['vectors'];
  /** Items of the view before. */
  readonly itemCount: number | undefined;
}

/** The seat of the live model, with the items of today; the baseline's where none is live or its artefact is gone. */
export async function liveSeat(ports: SeatPorts, catalogueId: CatalogueId, wanted: Wanted): Promise<Seat> {
  return (await trainedSeat(ports, wanted)) ?? (await baselineSeat(ports, catalogueId, wanted));
}

/** A shadow that cannot be opened must not keep anybody from an answer: it is missing from the counts, and the log says why. */
export async function shadowFor(ports: SeatPorts, wanted: Wanted): Promise<Seat | null> {
  return trainedSeat(ports, wanted).catch((error: unknown) => {
    ports.log('shadow-not-opened', { modelVersionId: wanted.model?.id, error });
    return null;
  });
}

/** A trained ranker holds until another takes its place; what came since is taken up. */
async function trainedSeat(ports: SeatPorts, wanted: Wanted): Promise<Seat | null> {
  const { model } = wanted;
  if (model === null) return null;
  const known = seatOf(wanted, model);
  const trained = known?.trained ?? (await loaded(ports, model));
  if (trained === null) return null;
  const ranker = await withNewItems(ports, trained.ranker, wanted);
  if (known?.trained?.ranker === ranker) return known;
  if (known === null && ranker !== trained.ranker) await trained.ranker.dispose(); // it never answered
  return { model, trained: { ...trained, ranker }, ...countedRanker(ranker, closingFailed(ports)) };
}

const seatOf = ({ seats }: Wanted, { id }: ModelVersion): Seat | null =>
  seats.find((seat) => seat?.model?.id === id && seat.trained !== null) ?? null;

async function loaded({ blobs, compute }: SeatPorts, { artefact }: ModelVersion): Promise<Seat['trained']> {
  const bytes = artefact === null ? null : await blobs.get(artefact);
  if (bytes === null) return null;
  const ranker = await loadRanker(bytes, compute);
  return { ranker, items: ranker.itemIds.length };
}

/**
 * Items that came after training get their codes from their text and can be ranked at once: oldest first, so that every server
 * gives them the same codes. Those without a vector wait for it, and a ranker without codes takes none.
 */
async function withNewItems(
  { log }: SeatPorts,
  ranker: TrainedRanker,
  { rankable, vectors }: Wanted,
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
    return await ranker.addItems(items, nextTurn);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log('new-items-not-placed', { items: fresh.length, reason: error.message }); // they are still explored
    return ranker;
  }
}

/** The baseline knows its items only, so it is made anew when they change. */
async function baselineSeat(
  ports: SeatPorts,
  catalogueId: CatalogueId,
  { model, seats: [old], rankable, itemCount }: Wanted,
): Promise<Seat> {
  const isSame = old?.trained === null && old.model?.id === model?.id && itemCount === rankable.length;
  if (old && isSame) return old;
  const { itemIds, sequences, times, actions } = await loadSequences(ports, catalogueId, { seed: 0 });
  const source = { itemCount: itemIds.length, sequences, times, actions };
  const { data } = cleanEvents(source, ports.clock.now().getTime() / 1000);
  return {
    model,
    trained: null,
    ...countedRanker(await baselineRanker(data, itemIds), closingFailed(ports)),
  };
}

const closingFailed =
  ({ log }: SeatPorts) =>
  (error: unknown) =>
    log('ranker-not-closed', { error });
