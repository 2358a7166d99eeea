import { codeScorer } from '../src/domain/ranking/code-scorer.js';
import { distilCodes } from '../src/domain/ranking/distil-codes.js';
import { type Drafter, drafterFrom } from '../src/domain/ranking/drafter.js';
import { itemKnnPart, trainItemKnn } from '../src/domain/ranking/item-knn.js';
import type { RankingData } from '../src/domain/ranking/part.js';
import { popularityPart, trainPopularity } from '../src/domain/ranking/popularity.js';
import { PROTOCOLS, splitData } from '../src/domain/ranking/protocols.js';
import { parseRecipe } from '../src/domain/ranking/recipe.js';
import { topItems } from '../src/domain/ranking/top-items.js';
import { type CodesPart, codeRecipeFor, trainCodes } from '../src/domain/ranking/train-codes.js';
import type { HeldOut } from '../src/domain/ranking/training.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { fail, wholeNumber } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { keptFigures, reportBench } from './bench-report.js';
import { loadRankingSet, RANKING_SETS } from './ranking-sets.js';

/** The codes alone on real data: what cheap rankers draft of their exact list, and what a distilled decoder loses and saves. */
const values = benchOptions({
  dataset: { type: 'string', default: 'ml-100k' },
  tokenizer: { type: 'string', default: 'collaborative' },
  epochs: { type: 'string', default: '8' },
  /** People learned from, and their last items: all of them when 0. */
  people: { type: 'string', default: '0' },
  last: { type: 'string', default: '0' },
  width: { type: 'string', default: '64' },
  words: { type: 'string', default: 'on' },
  seed: { type: 'string', default: '1' },
  data: { type: 'string', default: '../shared/data' },
});
/** Histories whose exact list is compared with the drafts. */
const QUESTIONS = 200;
const compute = onnxCompute({ threads: 1 });
await main();

async function main(): Promise<void> {
  const name = values.dataset;
  const set = RANKING_SETS[name];
  if (set === undefined)
    fail(`--dataset: one of ${Object.keys(RANKING_SETS).join(', ')} was wanted, "${name}" came`);
  const seed = wholeNumber('seed', values.seed);
  const loaded = await loadRankingSet(set, values.data, seed);
  if (loaded === null) return void process.stdout.write(`skipped: data not here (${set.folder})\n`);
  const { train: all, validation } = splitData(loaded.data, PROTOCOLS[set.protocols[0]]);
  const train = shortened(all);
  const maxEpochs = wholeNumber('epochs', values.epochs);
  const options = { seed, validation, maxEpochs, now: () => performance.now(), onProgress: tell };
  const recipe = codeRecipeFor(train, parseRecipe({ tokenizer: values.tokenizer, width: values.width }));
  const teacher = await trainCodes(train, compute, options, recipe);
  const drafts = await draftedShares(teacher, train, validation.slice(0, QUESTIONS));
  const { part, distillation } = await distilCodes(teacher, train, { compute, recipe, options });
  await part.dispose();
  const { gain, serves, ...told } = distillation;
  const judged = {
    ...told,
    speedUp: told.speedUp ?? 0,
    serves: serves ? 1 : 0,
    teacherEpochs: teacher.epochs,
  };
  const figures = { ...judged, gain: gain.mean, gainLow: gain.low, gainHigh: gain.high, ...drafts };
  const own = Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${name}.${key}`, value]));
  reportBench('distil', { ...keptFigures('distil', (figure) => !(figure in own)), ...own }, seed);
}

/** Some people's last items, for a machine that has other things to do; times are left out, since they would have to be cut as well. */
function shortened({ itemCount, sequences, content, titles }: RankingData): RankingData {
  const [people, last] = [wholeNumber('people', values.people), wholeNumber('last', values.last)];
  const words = values.words === 'on' ? { ...(content && { content }), ...(titles && { titles }) } : {};
  const some = sequences.slice(0, people === 0 ? undefined : people);
  return { itemCount, sequences: some.map((own) => (last === 0 ? own : own.slice(-last))), ...words };
}

function tell({ epoch, loss, validation }: { epoch: number; loss: number; validation?: number }): void {
  if (validation === undefined) return;
  process.stderr.write(`epoch ${epoch.toFixed(0)} loss ${loss.toFixed(3)} N@10 ${validation.toFixed(4)}\n`);
}

/** Share of the exact ten and 64 that each drafter had in its 64, and how often what was proven was the exact list. */
async function draftedShares(
  { model, catalogue, score }: Pick<CodesPart, 'model' | 'catalogue'> & { score: CodesPart['score'] },
  data: RankingData,
  questions: readonly HeldOut[],
): Promise<Record<string, number>> {
  const drafters: Readonly<Record<string, Drafter>> = {
    neighbours: drafterFrom(itemKnnPart(trainItemKnn(data))),
    popular: drafterFrom(popularityPart(trainPopularity(data))),
  };
  const histories = questions.map(({ history }) => history);
  const exact = await score(histories);
  const figures: Record<string, number> = {};
  for (const [name, drafter] of Object.entries(drafters)) {
    const scorer = await codeScorer(compute, model, { ...catalogue, decoding: 'draft', drafter });
    const found = await scorer.search(histories, 64);
    await scorer.dispose();
    const drafts = await Promise.all(histories.map((history) => drafter(history)));
    for (const few of [10, 64]) {
      const lists = exact.map((scores) => topItems(scores, few));
      figures[`${name}.drafted${few}`] = meanShare(lists, drafts);
      figures[`${name}.exact${few}`] = meanShare(
        lists,
        found.map((own) => own.slice(0, few).map(({ item }) => item)),
      );
    }
  }
  return figures;
}

function meanShare(lists: readonly Int32Array[], of: readonly ArrayLike<number>[]): number {
  const shares = lists.map((list, i) => {
    const known = new Set(Array.from(of[i] ?? []));
    return list.filter((item) => known.has(item)).length / list.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
}
