import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { Rival } from '../domain/ranking/compare-with-live.js';
import { decodeRanker, type RankerModel } from '../domain/ranking/ranker-artefact.js';
import { serveRanker, type TrainedRanker } from '../domain/ranking/ranker.js';
import { atPlaces } from '../domain/ranking/score-without.js';
import type { Ports } from './ports.js';

/** The model that is live while another is trained, with its weights. */
export interface LiveModel {
  readonly version: ModelVersion;
  readonly model: RankerModel;
}

/** Null where nothing is live, or where its artefact is gone. */
export async function loadLive(
  { stores, blobs }: Pick<Ports, 'stores' | 'blobs'>,
  catalogueId: CatalogueId,
): Promise<LiveModel | null> {
  const version = await stores.models.live('RANKER', catalogueId);
  if (version === null || version.artefact === null) return null;
  const artefact = await blobs.get(version.artefact);
  return artefact === null ? null : { version, model: decodeRanker(artefact) };
}

/** The live model as what a new one is measured against, on the items as the new one numbers them; close it after. */
export async function liveRival(
  { compute }: Pick<Ports, 'compute'>,
  { version, model }: LiveModel,
  itemIds: readonly ItemId[],
): Promise<{ readonly rival: Rival; readonly close: () => Promise<void> } | null> {
  if (version.learned === null) return null; // nobody knows what it has seen
  const ranker = await serveRanker(model, compute);
  const until = Date.parse(version.learned.until) / 1000;
  return { rival: { until, score: scoresOf(ranker, itemIds) }, close: () => ranker.dispose() };
}

function scoresOf(ranker: TrainedRanker, itemIds: readonly ItemId[]): Rival['score'] {
  const theirs = new Map(ranker.itemIds.map((id, number) => [id, number]));
  const shared = itemIds.flatMap((id, own) => {
    const number = theirs.get(id);
    return number === undefined ? [] : [{ own, number }];
  });
  const numberOf = new Map(shared.map(({ own, number }) => [own, number]));
  const asked = Int32Array.from(shared, ({ number }) => number);
  return async (histories, contexts) => {
    const out: Float32Array[] = [];
    for (const [h, history] of histories.entries()) {
      const places = [...history.keys()].filter((at) => numberOf.has(history[at] as number));
      const known = Int32Array.from(places, (at) => numberOf.get(history[at] as number) as number);
      const [scores] = await ranker.scoreItems([known], asked, [atPlaces(contexts?.[h] ?? {}, places)]);
      const own = new Float32Array(itemIds.length).fill(-Infinity);
      shared.forEach((item, i) => (own[item.own] = (scores as Float32Array)[i] as number));
      out.push(own);
    }
    return out;
  };
}
