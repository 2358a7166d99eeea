import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { reportTable } from '../src/cli/report-table.js';
import { tuningLines } from '../src/cli/tuning-lines.js';
import type { ContestantReport, ProtocolReport } from '../src/domain/ranking/evaluate.js';
import type { Preference } from '../src/domain/ranking/objectives/preference.js';
import {
  type LoggedEvent,
  preferencesFromLog,
} from '../src/domain/ranking/objectives/preferences-from-log.js';
import {
  type ProtocolName,
  PROTOCOLS,
  splitData,
  splitFingerprint,
} from '../src/domain/ranking/protocols.js';
import {
  type Interaction,
  type NumberedData,
  numberInteractions,
} from '../src/domain/ranking/ranking-data.js';
import { parseRecipeText } from '../src/domain/ranking/recipe.js';
import { type ItemText, textFeatures } from '../src/domain/ranking/text-features.js';
import { trainAll, type TrainAllOptions, type TrainedAll } from '../src/domain/ranking/train-all.js';
import { seededRandom } from '../src/domain/random.js';
import type { Dataset } from '../src/flow/dataset.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { datasetReaders } from '../src/infra/datasets/dataset-readers.js';
import { reportBench } from './bench-report.js';

type Protocols = readonly [ProtocolName, ...ProtocolName[]];

interface Benchmark {
  readonly format: string;
  readonly folder: string;
  /** Pins the split: validation and test targets by source id, see `splitFingerprint`. */
  readonly fingerprint: string;
  readonly protocols: Protocols;
  /** Whether a global time split can be made as well; there the closed-form parts compete. */
  readonly hasTimes: boolean;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  beauty: {
    format: 'amazon-5core',
    folder: 'amazon-beauty-2014',
    fingerprint: '2b42c9452991-2b9b0cb29639',
    protocols: ['A1', 'A2'],
    hasTimes: false,
  },
  'ml-1m': {
    format: 'movielens-1m',
    folder: 'movielens-1m',
    fingerprint: 'baa024f6c0c-bf32712cb1e',
    protocols: ['M4'],
    hasTimes: false,
  },
  'ml-100k': {
    format: 'movielens-100k',
    folder: 'movielens-100k',
    fingerprint: '1d2c649a639-1cda2280475',
    protocols: ['M4'],
    hasTimes: true,
  },
};

const { values } = parseArgs({
  options: {
    dataset: { type: 'string' },
    recipe: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '900' },
    data: { type: 'string', default: '../shared/data' },
  },
});
await main();

async function main(): Promise<void> {
  const name = values.dataset ?? '';
  const benchmark = BENCHMARKS[name];
  if (benchmark === undefined)
    fail(`--dataset: one of ${Object.keys(BENCHMARKS).join(', ')} was wanted, "${name}" came`);
  const seed = wholeNumber('seed', values.seed);
  const folder = path.join(values.data, benchmark.folder);
  if (!existsSync(folder)) return void process.stdout.write(`skipped: data not here (${folder})\n`);

  const numbered = await load(benchmark, folder, seed);
  assertSplit(benchmark, numbered);
  const options = {
    seed,
    budgetSeconds: wholeNumber('seconds', values.seconds),
    recipe: parseRecipeText(values.recipe),
  };
  const runs = [await run(numbered, { ...options, protocols: benchmark.protocols })];
  if (benchmark.hasTimes) {
    const recipe = { ...options.recipe, parts: ['popularity', 'itemknn', 'ease'] } as const;
    runs.push(await run(numbered, { ...options, protocols: ['T'], recipe }));
  }
  const figures = Object.assign({}, ...runs.map((trained) => figuresOf(name, trained))) as Record<
    string,
    number
  >;
  reportBench('ranking', { ...otherFigures(name), ...figures }, seed);
}

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    fail(`--${name}: a whole number from 0 was wanted, "${text}" came`);
  return value;
}

interface Loaded extends NumberedData {
  /** Well rated against badly rated, where the set has ratings. */
  readonly preferences: readonly Preference[];
}

async function load({ format }: Benchmark, folder: string, seed: number): Promise<Loaded> {
  const reader = datasetReaders.find((one) => one.format === format);
  if (reader === undefined) throw new Error(`no reader for ${format}`);
  const dataset = await reader.open(folder);
  const numbered = numberInteractions(await interactionsOf(dataset), seededRandom(seed));
  const content = textFeatures(await textsOf(dataset, numbered.itemIds));
  const preferences = await preferencesOf(dataset, numbered);
  return { ...numbered, data: { ...numbered.data, content }, preferences };
}

/** What a person's ratings say about pairs of items, in time order and then in that of the file. */
async function preferencesOf(dataset: Dataset, { itemIds, personIds }: NumberedData): Promise<Preference[]> {
  const numbers = new Map(itemIds.map((id, number) => [id, number]));
  const logs = new Map<string, LoggedEvent[]>();
  for await (const row of dataset.events()) {
    if (!row.ok) continue;
    const { personExternalId, itemExternalId, type, value, at } = row.value;
    const own = logs.get(personExternalId) ?? [];
    own.push({ item: numbers.get(itemExternalId) ?? 0, type, value, at: at.getTime() / 1000 });
    logs.set(personExternalId, own);
  }
  return personIds.flatMap((id, person) =>
    preferencesFromLog(
      person,
      (logs.get(id) ?? []).sort((a, b) => a.at - b.at),
    ),
  );
}

async function interactionsOf(dataset: Dataset): Promise<Interaction[]> {
  const interactions: Interaction[] = [];
  for await (const row of dataset.events()) {
    if (!row.ok) throw new Error(`${row.file}:${row.line}: ${row.reason}`);
    const { personExternalId, itemExternalId, at } = row.value;
    const order = interactions.length;
    interactions.push({ person: personExternalId, item: itemExternalId, at: at.getTime() / 1000, order });
  }
  return interactions;
}

async function textsOf(dataset: Dataset, itemIds: readonly string[]): Promise<ItemText[]> {
  const texts = new Map<string, ItemText>();
  for await (const row of dataset.items()) {
    if (!row.ok) continue;
    const { externalId, title, topics, attributes } = row.value;
    const facts = [attributes['brand'], attributes['director'], ...topics].filter(
      (fact) => fact !== undefined,
    );
    texts.set(externalId, { text: `${title} ${topics.join(' ')}`, attributes: facts });
  }
  return itemIds.map((id) => texts.get(id) ?? { text: '', attributes: [] });
}

function assertSplit(
  { protocols, fingerprint }: Benchmark,
  { data, personIds, itemIds }: NumberedData,
): void {
  const found = splitFingerprint(splitData(data, PROTOCOLS[protocols[0]]), personIds, itemIds);
  if (found !== fingerprint)
    fail(`split ${fingerprint} was wanted, ${found} came: the data is not the published one`);
}

type RunOptions = Pick<TrainAllOptions, 'seed' | 'budgetSeconds' | 'recipe' | 'protocols'>;

async function run({ data, preferences }: Loaded, options: RunOptions): Promise<TrainedAll> {
  let told = '';
  const trained = await trainAll(data, onnxCompute(), {
    ...options,
    preferences,
    now: () => performance.now(),
    onProgress: (stage, share, training) => {
      const line =
        training?.validation === undefined
          ? stage
          : `${stage} epoch ${training.epoch.toFixed(0)} loss ${training.loss.toFixed(3)} N@10 ${training.validation.toFixed(4)}`;
      if (line === told) return;
      told = line;
      process.stderr.write(`${line} (${(100 * share).toFixed(0)} %)\n`);
    },
  });
  for (const report of trained.reports) process.stdout.write(`${reportTable(report, trained.seconds)}\n\n`);
  trained.fusions.forEach(({ fusion, validation }, f) => {
    const { normalisation, parts, weights } = fusion;
    process.stdout.write(
      `fusion ${trained.reports[f]?.protocol ?? ''}: ${normalisation}, N@10 ${validation.toFixed(4)} on validation\n`,
    );
    weights.forEach((row, bucket) => {
      const terms = parts.map((part, p) => `${part} ${(row[p] ?? 0).toFixed(3)}`);
      process.stdout.write(`  bucket ${bucket}: ${terms.join(', ')}\n`);
    });
  });
  for (const line of tuningLines(trained.tuning)) process.stdout.write(`${line}\n`);
  for (const [part, reason] of Object.entries(trained.skipped)) process.stdout.write(`${part}: ${reason}\n`);
  return trained;
}

function figuresOf(dataset: string, { reports, seconds, fusions }: TrainedAll): Record<string, number> {
  const figures: Record<string, number> = {};
  reports.forEach((report, r) => {
    const prefix = `${dataset}.${report.protocol}`;
    Object.assign(figures, protocolFigures(prefix, report));
    figures[`${prefix}.people`] = report.people;
    figures[`${prefix}.fusion.validation.N10`] = fusions[r]?.validation ?? 0;
  });
  const timed = reports[0]?.protocol === 'T' ? `${dataset}.T.seconds` : `${dataset}.seconds`;
  for (const [part, value] of Object.entries(seconds)) figures[`${timed}.${part}`] = value;
  return figures;
}

function protocolFigures(prefix: string, { contestants }: ProtocolReport): Record<string, number> {
  const figures: Record<string, number> = {};
  for (const [name, report] of Object.entries<ContestantReport>(contestants)) {
    const { R5, R10, N5, N10, MRR, coverage, novelty, gini, buckets, gainOverPopularity } = report;
    const own = { R5, R10, N5, N10, MRR, coverage, novelty, gini, gainLow: gainOverPopularity.low };
    for (const [figure, value] of Object.entries(own)) figures[`${prefix}.${name}.${figure}`] = value;
    for (const [label, { R10: recall, N10: ndcg }] of Object.entries(buckets)) {
      figures[`${prefix}.${name}.history ${label}.R10`] = recall;
      figures[`${prefix}.${name}.history ${label}.N10`] = ndcg;
    }
  }
  return figures;
}

/** Figures of the other data sets, so that one run leaves their rows in the file. */
function otherFigures(dataset: string): Record<string, number> {
  const file = 'bench/results/ranking.json';
  if (!existsSync(file)) return {};
  const { figures } = JSON.parse(readFileSync(file, 'utf8')) as { figures: Record<string, number> };
  return Object.fromEntries(Object.entries(figures).filter(([name]) => !name.startsWith(`${dataset}.`)));
}
