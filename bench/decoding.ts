import type { Compute } from '../src/domain/graph/compute.js';
import { Graph } from '../src/domain/graph/graph.js';
import { initialValues } from '../src/domain/graph/initial-values.js';
import { exp } from '../src/domain/graph/ops/functions.js';
import { matmul } from '../src/domain/graph/ops/matmul.js';
import { type Random, seededRandom } from '../src/domain/random.js';
import { beamSearch } from '../src/domain/ranking/beam-search.js';
import type { CodeModel } from '../src/domain/ranking/code-model.js';
import { codeChoices } from '../src/domain/ranking/code-choices.js';
import { codeNodes, type WantedNodes } from '../src/domain/ranking/code-nodes.js';
import { SERVING_BEAMS } from '../src/domain/ranking/decoding-rule.js';
import { codeVectors, type DecoderConfig, prefixEffect } from '../src/domain/ranking/depth-decoder.js';
import { decoderRows, digitDecoder } from '../src/domain/ranking/digit-decoder.js';
import { type ChoiceScores, exactLogProbs } from '../src/domain/ranking/exact-scoring.js';
import { topItems } from '../src/domain/ranking/top-items.js';
import {
  CODE_LEVELS,
  codesFor,
  MAX_SHARED,
  type SemanticIds,
} from '../src/domain/semantic-ids/residual-kmeans.js';
import { buildTrie, type Trie, trieBytes } from '../src/domain/semantic-ids/trie.js';
import { onnxCompute } from '../src/infra/compute/onnx-compute.js';
import { wholeNumber } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { keptFigures, reportBench } from './bench-report.js';
import { timeDrafts } from './time-drafts.js';

const SIZES = { '10k': 10_000, '100k': 100_000, '1m': 1_000_000, '10m': 10_000_000 } as const;
const WIDTHS = [16, SERVING_BEAMS, 256] as const;
/** What a page of candidates takes from an exact ranking. */
const CANDIDATES = 400;
/** Of the trained decoders; figures of another one (a student's) carry it in their names. */
const USUAL_WIDTH = 64;
/** Above this the tables of exact scoring are not made (5 GB for ten million): their product is timed on one block of random rows, over and over. */
const MOST_TABLED = 100_000;
const BLOCK_ROWS = 262_144;
const QUESTIONS = 30;

const values = benchOptions({
  largest: { type: 'string', default: '10m' },
  seed: { type: 'string', default: '1' },
  width: { type: 'string', default: '64' },
});
const WIDTH = wholeNumber('width', values.width);
const seed = Number(values.seed);
const compute = onnxCompute({ threads: 1 });
await main();

async function main(): Promise<void> {
  const names = Object.keys(SIZES) as (keyof typeof SIZES)[];
  const wanted = names.slice(0, names.indexOf(values.largest as keyof typeof SIZES) + 1);
  if (wanted.length === 0) {
    process.stderr.write(`--largest: one of ${names.join(', ')} was wanted, "${values.largest}" came\n`);
    process.exit(2);
  }
  const figures: Record<string, number> = {};
  for (const name of wanted) Object.assign(figures, await measureSize(name, SIZES[name]));
  Object.assign(figures, crossings(figures, wanted));
  const own = WIDTH === USUAL_WIDTH ? figures : named(figures, `width${WIDTH}.`);
  const kept = keptFigures('serving', (figure) => !(figure in own));
  reportBench('serving', { ...kept, ...own }, seed);
}

function named(figures: Readonly<Record<string, number>>, prefix: string): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [prefix + name, value]));
}

/** One catalogue of synthetic codes: its tree, beams of three widths, and exact scoring. From the queries on: the trunk costs the same for all. */
async function measureSize(name: string, items: number): Promise<Record<string, number>> {
  const random = seededRandom(seed).fork(name);
  const ids = syntheticIds(items, random);
  const building = stopwatch();
  const trie = buildTrie(ids);
  const figures: Record<string, number> = {
    [`trie${name}Mb`]: trieBytes(trie) / 1e6,
    [`trie${name}BuildMs`]: building(),
  };
  const { radix } = ids;
  const decoder: DecoderConfig = { width: WIDTH, radix, temperature: 0.07, dropout: 0 };
  const model = { decoder, weights: randomWeights(decoder) };
  const questions = Array.from({ length: QUESTIONS }, () => queriesOf(decoder, random));
  const beams = await timeBeams(trie, model, questions);
  const drafts = await timeDrafts(compute, { trie, model, questions, random, stopwatch });
  const choices = codeChoices(trie);
  const wanted = { trie, nodes: choices.nodes };
  const exact = items <= MOST_TABLED ? await tabledExact(model, wanted) : await blockwiseExact(wanted);
  const taken: number[] = [];
  const agreement: number[] = [];
  const drafted: number[] = [];
  for (const [q, question] of questions.entries()) {
    const took = stopwatch();
    const best = topItems(exactLogProbs(choices, await exact.scoresOf(question)), CANDIDATES);
    taken.push(took());
    const top = new Set(best.subarray(0, 10));
    agreement.push((beams.found[q] ?? []).slice(0, 10).filter((item) => top.has(item)).length / 10);
    drafted.push(shareIn(drafts.best[q] ?? [], best.subarray(0, SERVING_BEAMS)));
  }
  await exact.dispose();
  figures[`decode.${name}.exactMs`] = fastest(taken);
  if (items <= MOST_TABLED) figures[`decode.${name}.beamTop10InExact`] = mean(agreement);
  if (items <= MOST_TABLED) figures[`decode.${name}.draftInExact`] = mean(drafted);
  figures[`decode.${name}.beamInDraft`] = mean(
    beams.found.map((own, q) => shareIn(own, drafts.best[q] ?? [])),
  );
  for (const [figure, value] of Object.entries(drafts.figures)) figures[`decode.${name}.${figure}`] = value;
  for (const [width, ms] of beams.ms) figures[`decode.${name}.beam${width}Ms`] = ms;
  figures[`decode.${name}.beamMs`] = beams.ms.get(SERVING_BEAMS) ?? NaN;
  return figures;
}

function shareIn(own: ArrayLike<number>, all: ArrayLike<number>): number {
  const known = new Set(Array.from(all));
  return Array.from(own).filter((item) => known.has(item)).length / own.length;
}

/** Codes drawn evenly, the last digit telling apart what shares all others, as `assignSemanticIds` gives it. */
function syntheticIds(itemCount: number, random: Random): SemanticIds {
  const codes = codesFor(itemCount);
  const levels = CODE_LEVELS + 1;
  const digits = new Uint16Array(itemCount * levels);
  const shared = new Uint8Array(codes ** CODE_LEVELS);
  for (let item = 0; item < itemCount; item++) {
    let bucket = 0;
    for (let l = 0; l < CODE_LEVELS; l++) {
      const digit = random.int(codes);
      digits[item * levels + l] = digit;
      bucket = bucket * codes + digit;
    }
    digits[item * levels + CODE_LEVELS] = shared[bucket] as number;
    shared[bucket] = (shared[bucket] as number) + 1;
  }
  const radix = [...Array.from({ length: CODE_LEVELS }, () => codes), MAX_SHARED];
  return { itemCount, levels, radix, digits };
}

function randomWeights(decoder: DecoderConfig): CodeModel['weights'] {
  const graph = new Graph();
  const digits = decoder.radix.map((_, l) => graph.input(`digit${l}`, [1], 'i64'));
  decoder.radix.forEach((_, level) => {
    codeVectors(graph, level, decoder);
    if (level > 0) prefixEffect(digits.slice(0, level), decoder, false);
  });
  return initialValues(graph, seed);
}

/** One direction per level over the temperature, as a trained state gives. */
function queriesOf({ radix, width, temperature }: DecoderConfig, random: Random): Float32Array[] {
  return radix.map(() => {
    const direction = Float32Array.from({ length: width }, () => random.normal());
    const norm = Math.hypot(...direction);
    return direction.map((x) => x / norm / temperature);
  });
}

type Model = Pick<CodeModel, 'decoder' | 'weights'>;
type Question = readonly Float32Array[];

async function timeBeams(trie: Trie, model: Model, questions: readonly Question[]) {
  const ms = new Map<number, number>();
  let found: number[][] = [];
  for (const width of WIDTHS) {
    const decoder = digitDecoder(compute, model, decoderRows(width));
    const taken: number[] = [];
    const answers: number[][] = [];
    for (const question of questions) {
      const took = stopwatch();
      const logitsOf = decoder.logitsFor(question);
      const best = await beamSearch(trie, { width, radix: model.decoder.radix, logitsOf });
      taken.push(took());
      answers.push(best.map(({ item }) => item));
    }
    await decoder.dispose();
    ms.set(width, fastest(taken));
    if (width === SERVING_BEAMS) found = answers;
  }
  return { ms, found };
}

interface Exact {
  scoresOf(question: Question): Promise<ChoiceScores>;
  dispose(): Promise<void>;
}

/** The tables that the server makes, one product per level. */
async function tabledExact(model: Model, wanted: WantedNodes): Promise<Exact> {
  const tables = await codeNodes(compute, model, wanted);
  const products = await Promise.all(tables.map(({ length }) => product(compute, length / (WIDTH + 1))));
  return {
    async scoresOf(question) {
      const out = emptyScores(wanted);
      let at = 0;
      for (const [level, own] of products.entries()) {
        const made = await own.run(withOne(question, level), tables[level] as Float32Array);
        out.logits.set(made.logits, at);
        out.exps.set(made.exps, at);
        at += made.logits.length;
      }
      return out;
    },
    async dispose() {
      await Promise.all(products.map((own) => own.dispose()));
    },
  };
}

async function blockwiseExact(wanted: WantedNodes): Promise<Exact> {
  const random = seededRandom(seed).fork('block');
  const block = Float32Array.from({ length: BLOCK_ROWS * (WIDTH + 1) }, () => random.normal() / 8);
  const blockwise = await product(compute, BLOCK_ROWS);
  return {
    async scoresOf(question) {
      const out = emptyScores(wanted);
      let at = 0;
      for (const [level, { length }] of wanted.nodes.entries()) {
        for (let from = 0; from < length; from += BLOCK_ROWS) {
          const made = await blockwise.run(withOne(question, level), block);
          const used = Math.min(BLOCK_ROWS, length - from);
          out.logits.set(made.logits.subarray(0, used), at);
          out.exps.set(made.exps.subarray(0, used), at);
          at += used;
        }
      }
      return out;
    },
    dispose: () => blockwise.dispose(),
  };
}

function emptyScores({ nodes }: WantedNodes): ChoiceScores {
  const count = nodes.reduce((sum, { length }) => sum + length, 0);
  return { logits: new Float32Array(count), exps: new Float32Array(count) };
}

async function product(on: Compute, rows: number) {
  const graph = new Graph();
  const [query, table] = [graph.input('query', [1, WIDTH + 1]), graph.input('table', [WIDTH + 1, rows])];
  const logits = matmul(query, table);
  graph.output('logits', logits);
  graph.output('exps', exp(logits));
  const executable = await on.compile(graph);
  return {
    async run(query_: Float32Array, table_: Float32Array): Promise<ChoiceScores> {
      return (await executable.run({ query: query_, table: table_ })) as unknown as ChoiceScores;
    },
    dispose: () => executable.dispose(),
  };
}

function withOne(question: Question, level: number): Float32Array {
  return Float32Array.of(...(question[level] ?? []), 1);
}

/** Items at which exact scoring has become as slow as a beam of each width, on a straight line between two sizes. */
function crossings(figures: Readonly<Record<string, number>>, names: readonly (keyof typeof SIZES)[]) {
  const out: Record<string, number> = {};
  for (const width of WIDTHS) {
    const gaps = names.map((name) => ({
      items: SIZES[name],
      gap: (figures[`decode.${name}.exactMs`] ?? NaN) - (figures[`decode.${name}.beam${width}Ms`] ?? NaN),
    }));
    const after = gaps.findIndex(({ gap }) => gap > 0);
    const [low, high] = [gaps[after - 1], gaps[after]];
    if (low === undefined || high === undefined) continue;
    out[`decode.crossing${width}`] = low.items + ((high.items - low.items) * -low.gap) / (high.gap - low.gap);
  }
  return out;
}

/**
 * Milliseconds of processor time, which on one thread and a quiet machine are those of the clock. On one that does other work as
 * well, the clock would measure that work.
 */
function stopwatch(): () => number {
  const begin = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1000;
  };
}

/** The fastest of the runs after the first three, in which code is still being compiled. */
function fastest(taken: readonly number[]): number {
  return Math.min(...taken.slice(3));
}

function mean(all: readonly number[]): number {
  return all.reduce((sum, x) => sum + x, 0) / all.length;
}
