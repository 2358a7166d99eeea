import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Compute } from '../src/domain/graph/compute.js';
import { trainEase } from '../src/domain/ranking/ease.js';
import type { Fusion } from '../src/domain/ranking/fusion.js';
import { HISTORY_BUCKETS } from '../src/domain/ranking/history-buckets.js';
import { trainItemKnn } from '../src/domain/ranking/item-knn.js';
import { PART_NAMES, type RankingData } from '../src/domain/ranking/part.js';
import { trainPopularity } from '../src/domain/ranking/popularity.js';
import { decodeRanker, encodeRanker, type RankerModel } from '../src/domain/ranking/ranker-artefact.js';
import { numberInteractions } from '../src/domain/ranking/ranking-data.js';
import { computeTileProduct } from '../src/domain/ranking/compute-tile-product.js';
import { trainCodes } from '../src/domain/ranking/train-codes.js';
import { trainTrunk } from '../src/domain/ranking/train-trunk.js';
import { type Random, seededRandom } from '../src/domain/random.js';
import { interactionsOf, openDataset } from './open-dataset.js';

const ITEMS = 12_101;
const PEOPLE = 22_363;

/** All five parts at work for every history, since a fitted fusion may leave some out and would look faster than it is. */
const EVERY_PART: Fusion = {
  normalisation: 'z-score',
  parts: PART_NAMES,
  scales: PART_NAMES.map(() => 1),
  weights: HISTORY_BUCKETS.map(() => PART_NAMES.map(() => 1)),
};

/** The ranker that is measured: kept at `artefact`, or trained for it. */
export async function servingModel(
  compute: Compute,
  options: { readonly artefact: string; readonly data: string; readonly seed: number },
): Promise<RankerModel> {
  if (existsSync(options.artefact)) return decodeRanker(await readFile(options.artefact));
  const model = await trainModel(compute, options);
  await mkdir(path.dirname(options.artefact), { recursive: true });
  await writeFile(options.artefact, encodeRanker(model));
  return model;
}

/** Closed-form parts in full, because sparsity is their cost; one epoch of trunk and codes, whose cost does not depend on quality. */
async function trainModel(
  compute: Compute,
  { data: folder, seed }: { readonly data: string; readonly seed: number },
): Promise<RankerModel> {
  const random = seededRandom(seed);
  const data = existsSync(folder) ? await beauty(folder, random) : synthetic(random);
  const tiles = computeTileProduct(compute);
  const ease = await trainEase(data, { lambda: 500, recency: 0.9, product: tiles.product });
  await tiles.dispose();
  const once = { seed, maxEpochs: 1 };
  const trunk = await trainTrunk(data, compute, once);
  const codes = await trainCodes(data, compute, { ...once, trunk });
  await Promise.all([trunk.dispose(), codes.dispose()]);
  const { ids, tokenizer, space } = codes.catalogue;
  return {
    manifest: { snapshot: existsSync(folder) ? 'beauty' : 'synthetic', seed, figures: {} },
    itemIds: Array.from({ length: data.itemCount }, (_, item) => String(item)),
    fusion: EVERY_PART,
    popularity: trainPopularity(data),
    itemknn: trainItemKnn(data, { recency: 0.9 }),
    ease,
    trunk: { config: trunk.config, weights: trunk.weights },
    codes: { model: codes.model, ids, tokenizer, space },
  };
}

async function beauty(folder: string, random: Random): Promise<RankingData> {
  const dataset = await openDataset('amazon-5core', folder);
  return numberInteractions(await interactionsOf(dataset, { actions: false }), random).data;
}

/** As many people and items as Beauty, items by a power law, each person near one place of the catalogue. */
function synthetic(random: Random): RankingData {
  const sequences = Array.from({ length: PEOPLE }, () => {
    const home = random.int(ITEMS);
    return Int32Array.from({ length: 5 + random.int(8) }, () => {
      const far = Math.floor(ITEMS * random.next() ** 4);
      return (home + far) % ITEMS;
    });
  });
  return { itemCount: ITEMS, sequences };
}
