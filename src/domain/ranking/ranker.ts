import type { Compute } from '../graph/compute.js';
import { codeScorer } from './code-scorer.js';
import { decodingOf } from './decoding-rule.js';
import { diffusionScorer } from './diffusion-scorer.js';
import { drafterFrom } from './drafter.js';
import { easePart } from './ease.js';
import { extendInSteps, type NewItems } from './extend-ranker.js';
import { fuse, fusedScores } from './fusion.js';
import type { NextItems } from './generate-session.js';
import { bucketOf } from './history-buckets.js';
import type { HistoryContext } from './history-context.js';
import { diffusionImagination, type Imagination, trunkImagination } from './imagination.js';
import { type ItemKnnPart, itemKnnPart } from './item-knn.js';
import type { PartName, RankingPart } from './part.js';
import { popularityPart } from './popularity.js';
import { rankInBlocks } from './rank-in-blocks.js';
import { decodeRanker, encodeRanker, type RankerManifest, type RankerModel } from './ranker-artefact.js';
import type { PartScores } from './score-questions.js';
import { recentScores } from './recent-scores.js';
import { scoreWithout, type WithoutQuestion } from './score-without.js';
import { servedCodes } from './served-codes.js';
import type { RankedItem, ServingRanker } from './serving-ranker.js';
import { topItems } from './top-items.js';
import { trendPart } from './trend.js';
import { trunkScorer } from './trunk-scorer.js';

/** A ranker of trained parts, ready to answer. */
export interface TrainedRanker extends ServingRanker {
  readonly manifest: RankerManifest;
  /** Numbers of a content vector that a new item must bring; null for a ranker that cannot take new items up. */
  readonly contentSize: number | null;
  /** The same ranker with items that came after training; `breathe` is awaited now and then, so that answers go on meanwhile. */
  addItems(items: NewItems, breathe?: () => Promise<void>): Promise<TrainedRanker>;
  dispose(): Promise<void>;
}

/** Opens an artefact: compiles the trunk and the codes (0.3 s for 12,000 items), after which an answer takes milliseconds. */
export function loadRanker(bytes: Uint8Array, compute: Pick<Compute, 'compile'>): Promise<TrainedRanker> {
  return serveRanker(decodeRanker(bytes), compute);
}

export async function serveRanker(
  model: RankerModel,
  compute: Pick<Compute, 'compile'>,
): Promise<TrainedRanker> {
  const knn = itemKnnPart(model.itemknn);
  const { parts, imagination, generate, dispose } = await openParts(model, knn, compute);
  const scoresOf = (asked: Asked, length: number) => scoreParts(parts, asked, usedParts(model, length));
  const recent = recentScores();
  const wholeOf = async ({ history, context }: WithoutQuestion) => {
    const known = recent.get(history, context);
    if (known) return known;
    const [whole = {}] = await scoresOf({ histories: [history], contexts: [context] }, history.length);
    return whole;
  };
  const linear = parts.filter(({ name }) => name === 'itemknn' || name === 'ease');
  const sum = new Float32Array(model.itemIds.length); // of one person at a time
  return {
    manifest: model.manifest,
    itemIds: model.itemIds,
    parts: parts.map(({ name }) => name),
    readsGoals: model.trunk?.config.goals ?? model.codes?.model.config.goals ?? false,
    async rank(history, exclude, k, context = {}) {
      const asked = { histories: [history], contexts: [context] };
      const [scores = {}] = await scoresOf(asked, history.length);
      recent.set(history, context, scores);
      return best(model, scores, { length: history.length, exclude, k }, sum);
    },
    rankMany(questions, k) {
      const room = scoreRoom(model.itemIds.length);
      return rankInBlocks(questions, async (block) => {
        const histories = block.map(({ history }) => history);
        const contexts = block.map(({ context = {} }) => context);
        const scores = await scoresOf({ histories, contexts, room }, histories[0]?.length ?? 0);
        return block.map(({ history: { length }, exclude }, i) =>
          best(model, scores[i] ?? {}, { length, exclude, k }, sum),
        );
      });
    },
    artefact: () => encodeRanker(model),
    generate,
    async scoreItems(histories, items, contexts) {
      const length = Math.max(0, ...histories.map((history, h) => contexts?.[h]?.length ?? history.length));
      const scores = await scoresOf({ histories, contexts }, length);
      return scores.map((own) => {
        const fused = fusedScores(model.fusion, own, length);
        return Float32Array.from(items, (item) => fused[item] ?? 0);
      });
    },
    scoreWithout: async (question) => scoreWithout(model, parts, await wholeOf(question), question),
    scoreLinearWithout: async (question) => scoreWithout(model, linear, await wholeOf(question), question),
    neighbours: (a, b) => knn.neighbours(a, b),
    support: (item) => knn.support(item),
    imagine: (history, request) => imagination?.imagine(history, request) ?? Promise.resolve(null),
    semanticId: (item) => semanticIdOf(model, item),
    contentSize: model.codes?.space.content?.from ?? null,
    addItems: async (items, breathe) => serveRanker(await extendInSteps(model, items, breathe), compute),
    dispose,
  };
}

/** Opens every trained part of a model. */
export async function openParts(model: RankerModel, knn: ItemKnnPart, compute: Pick<Compute, 'compile'>) {
  const { trend, trunk, codes, ease, diffusion = null } = model;
  const parts: RankingPart[] = [popularityPart(model.popularity), knn];
  if (trend) parts.push(trendPart(trend));
  const closing: (() => Promise<void>)[] = [];
  if (ease) parts.push(easePart(ease));
  if (trunk) {
    const scorer = trunkScorer(compute, trunk.config, trunk.weights);
    parts.push({ name: 'trunk', ...scorer });
    closing.push(() => scorer.dispose());
  }
  let generate: NextItems | null = null;
  if (codes) {
    const catalogue = {
      ids: codes.ids,
      decoding: decodingOf(model.manifest.recipe ?? {}),
      drafter: drafterFrom(knn),
    };
    const scorer = await codeScorer(compute, servedCodes(codes), catalogue);
    generate = async ({ history, context }, taken, few) =>
      (await scorer.search([history], few, { taken, contexts: [context] }))[0] ?? [];
    parts.push({ name: 'codes', ...scorer });
    closing.push(() => scorer.dispose());
  }
  let imagination: Imagination | null = null;
  if (diffusion) {
    const scorer = diffusionScorer(compute, diffusion, trunk);
    parts.push({ name: 'diffusion', score: (histories) => scorer.score(histories) });
    imagination = diffusionImagination(scorer, diffusion);
  } else if (trunk) imagination = trunkImagination(compute, trunk);
  const dispose = async () => {
    await Promise.all([...closing.map((close) => close()), imagination?.dispose()]);
  };
  return { parts, imagination, generate, dispose };
}

interface Asked {
  readonly histories: readonly Int32Array[];
  readonly contexts?: readonly HistoryContext[] | undefined;
  /** Where to write to; the scores hold until it is used again. */
  readonly room?: ScoreRoom;
}

/** Arrays for the scores of a part under so many histories. */
type ScoreRoom = (part: PartName, histories: number) => readonly Float32Array[];

/** Made once for all blocks of a batch: without it every person takes 50 kB of fresh memory for each part. */
function scoreRoom(itemCount: number): ScoreRoom {
  const made = new Map<PartName, Float32Array[]>();
  return (part, histories) => {
    const own = made.get(part) ?? [];
    made.set(part, own);
    while (own.length < histories) own.push(new Float32Array(itemCount));
    return own;
  };
}

/** Parts of weight 0 for this length of history are not even asked. */
function usedParts({ fusion }: RankerModel, length: number): Set<PartName> {
  const weights = fusion.weights[bucketOf(length)] ?? [];
  return new Set(fusion.parts.filter((_, p) => (weights[p] ?? 0) !== 0));
}

async function scoreParts(
  parts: readonly RankingPart[],
  { histories, contexts, room }: Asked,
  used: ReadonlySet<PartName>,
): Promise<PartScores[]> {
  const out: PartScores[] = histories.map(() => ({}));
  for (const part of parts) {
    if (!used.has(part.name)) continue;
    const scores = await part.score(histories, contexts, room?.(part.name, histories.length));
    out.forEach((own, i) => (own[part.name] = scores[i] as Float32Array));
  }
  return out;
}

function best(
  { fusion }: RankerModel,
  scores: PartScores,
  { length, exclude, k }: { length: number; exclude: ReadonlySet<number>; k: number },
  sum: Float32Array,
): RankedItem[] {
  const fused = fuse(fusion, scores, length, sum);
  return Array.from(topItems(sum, k, exclude), (item) => ({
    item,
    score: sum[item] as number,
    parts: fused.partsOf(item),
  }));
}

function semanticIdOf({ codes }: RankerModel, item: number): readonly number[] | null {
  if (codes === null || item < 0 || item >= codes.ids.itemCount) return null;
  const { levels, digits } = codes.ids;
  return Array.from(digits.subarray(item * levels, (item + 1) * levels));
}
