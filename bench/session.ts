import { existsSync } from 'node:fs';
import path from 'node:path';
import type { CodeScorer } from '../src/domain/ranking/code-model.js';
import { codeScorer } from '../src/domain/ranking/code-scorer.js';
import { generateSession, type NextItems } from '../src/domain/ranking/generate-session.js';
import type { RankingData } from '../src/domain/ranking/part.js';
import { trainPopularity } from '../src/domain/ranking/popularity.js';
import { numberInteractions } from '../src/domain/ranking/ranking-data.js';
import { textFeatures } from '../src/domain/ranking/text-features.js';
import { topItems } from '../src/domain/ranking/top-items.js';
import { trainCodes } from '../src/domain/ranking/train-codes.js';
import { trainTrunk, type TrunkPart } from '../src/domain/ranking/train-trunk.js';
import { withRows } from '../src/domain/ranking/with-rows.js';
import { seededRandom, shuffled } from '../src/domain/random.js';
import { buildTrie } from '../src/domain/semantic-ids/trie.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { wholeNumber } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { reportBench } from './bench-report.js';
import { listFigures, type ListKnowledge } from './list-figures.js';
import { interactionsOf, openDataset } from './open-dataset.js';

/**
 * Lists made as one against plain lists of the best, on MovieLens-100K: the last five events of each person are held out, and every
 * list has five items. All of them come from the same trunk and codes.
 */
const LENGTH = 5;

const values = benchOptions({
  seed: { type: 'string', default: '1' },
  epochs: { type: 'string', default: '4' },
  people: { type: 'string', default: '400' },
  data: { type: 'string', default: '../shared/data' },
});
const seed = wholeNumber('seed', values.seed);
const compute = onnxCompute({ threads: 1 });
const folder = path.join(values.data, 'movielens-100k');
if (existsSync(folder)) await main();
else process.stdout.write(`skipped: data not here (${folder})\n`);

interface Asked {
  readonly history: Int32Array;
  readonly seen: ReadonlySet<number>;
  readonly next: ReadonlySet<number>;
}

type MakeList = (asked: Asked) => Promise<readonly number[]>;

async function main(): Promise<void> {
  const { data, topics } = await load();
  const train = withRows(data, (row) => row.subarray(0, -LENGTH));
  const options = { seed, maxEpochs: wholeNumber('epochs', values.epochs) };
  const trunk = await trainTrunk(train, compute, options);
  const codes = await trainCodes(train, compute, { ...options, trunk });
  const knowledge: ListKnowledge = {
    itemCount: data.itemCount,
    topicsOf: (item) => topics[item] ?? [],
    resemblance: resemblanceIn(data),
  };
  const { ids } = codes.catalogue;
  const scorer = await codeScorer(compute, codes.model, { ids, trie: buildTrie(ids) });
  const makers = makersOf(train, { trunk, scorer }, knowledge);
  const people = shuffled([...data.sequences.keys()], seededRandom(seed).fork('people'));
  const asked = people.slice(0, wholeNumber('people', values.people)).map((person) => askedOf(data, person));
  const figures: Record<string, number> = { people: asked.length };
  for (const [name, make] of Object.entries(makers)) {
    const answers = [];
    const begin = performance.now();
    for (const one of asked) answers.push({ ...one, list: await make(one) });
    figures[`${name}.milliseconds`] = (performance.now() - begin) / asked.length;
    for (const [figure, value] of Object.entries(listFigures(answers, knowledge)))
      figures[`${name}.${figure}`] = value;
  }
  await Promise.all([trunk.dispose(), codes.dispose(), scorer.dispose()]);
  reportBench('session', figures, seed);
}

async function load(): Promise<{ data: RankingData; topics: readonly (readonly string[])[] }> {
  const dataset = await openDataset('movielens-100k', folder);
  const { data, itemIds } = numberInteractions(
    await interactionsOf(dataset, { actions: false }),
    seededRandom(seed),
  );
  const known = new Map<string, { readonly title: string; readonly topics: readonly string[] }>();
  for await (const row of dataset.items()) if (row.ok) known.set(row.value.externalId, row.value);
  const topics = itemIds.map((id) => known.get(id)?.topics ?? []);
  const texts = itemIds.map((id, i) => ({
    text: `${known.get(id)?.title ?? ''} ${(topics[i] ?? []).join(' ')}`,
    attributes: topics[i] ?? [],
  }));
  return { data: { ...data, content: textFeatures(texts) }, topics };
}

function askedOf({ sequences }: RankingData, person: number): Asked {
  const sequence = sequences[person] as Int32Array;
  const history = sequence.subarray(0, -LENGTH);
  return { history, seen: new Set(history), next: new Set(sequence.subarray(-LENGTH)) };
}

/** Cosine of what titles and topics say. */
function resemblanceIn({ content }: RankingData): (a: number, b: number) => number {
  const { vectors, size } = content ?? { vectors: new Float32Array(), size: 0 };
  return (a, b) => {
    let dot = 0;
    for (let c = 0; c < size; c++)
      dot += (vectors[a * size + c] as number) * (vectors[b * size + c] as number);
    return dot;
  };
}

/** The ways to a list, by name. `walk` is a session that does not mind sameness. */
function makersOf(
  train: RankingData,
  { trunk, scorer }: { readonly trunk: TrunkPart; readonly scorer: CodeScorer },
  { resemblance }: ListKnowledge,
): Record<string, MakeList> {
  const { counts } = trainPopularity(train);
  const next: NextItems = async (history, taken, few) =>
    (await scorer.search([history], few, taken))[0] ?? [];
  const session =
    (alike: (a: number, b: number) => number): MakeList =>
    async ({ history, seen }) => {
      const options = { length: LENGTH, excluded: seen, resemblance: alike };
      return (await generateSession(next, history, options)).map(({ item }) => item);
    };
  return {
    popular: ({ seen }) => Promise.resolve([...topItems(counts, LENGTH, seen)]),
    trunk: async ({ history, seen }) => {
      const [scores = new Float32Array()] = await trunk.score([history]);
      return [...topItems(scores, LENGTH, seen)];
    },
    top: async ({ history, seen }) => (await next(history, seen, LENGTH)).map(({ item }) => item),
    walk: session(() => 0),
    session: session(resemblance),
  };
}
