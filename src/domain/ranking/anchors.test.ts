import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { seededRandom } from '../random.js';
import { itemKnnPart, trainItemKnn } from './item-knn.js';
import { halfTieRank, meanQuality } from './metrics.js';
import type { RankingPart } from './part.js';
import { popularityPart, trainPopularity } from './popularity.js';
import { PROTOCOLS, type Question, splitData, splitFingerprint } from './protocols.js';
import { numberInteractions } from './ranking-data.js';

const file = resolve('..', 'shared', 'data', 'amazon-beauty-2014', 'sequences.txt.gz');
const here = existsSync(file);
if (!here) console.log('skipped: data not here');

function beauty() {
  const lines = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const rows = lines.flatMap((line) => {
    const [person, ...items] = line.split(' ');
    return items.map((item, order) => ({ person: String(person), item, at: null, order }));
  });
  return numberInteractions(rows, seededRandom(1));
}

async function qualityOf(part: RankingPart, questions: readonly Question[]) {
  const ranks: number[] = [];
  for (const { history, target } of questions) {
    const [scores = new Float32Array()] = await part.score([history.subarray(-50)]);
    ranks.push(halfTieRank(scores, target, new Set(history)));
  }
  const { R10, N10 } = meanQuality(ranks);
  return [R10.toFixed(4), N10.toFixed(4)];
}

/** Closed-form figures on the published leave-one-out split of Amazon Beauty (A1): any change of split, seen items or ties moves them. */
(here ? test : test.skip)(
  'Beauty: popularity and ItemKNN give the known figures',
  async () => {
    const { data, personIds, itemIds } = beauty();
    const split = splitData(data, PROTOCOLS.A1);
    expect(split.test).toHaveLength(22_363);
    expect(splitFingerprint(split, personIds, itemIds)).toBe('2b42c9452991-2b9b0cb29639');
    const popularity = popularityPart(trainPopularity(split.train));
    const knn = itemKnnPart(trainItemKnn(split.train, { recency: 0.5, shrink: 50 }));
    expect(await qualityOf(popularity, split.test)).toEqual(['0.0120', '0.0056']);
    expect(await qualityOf(knn, split.test)).toEqual(['0.0717', '0.0425']);
  },
  300_000,
); // 10 s on a free machine
