import type { Compute, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { sub } from '../graph/ops/elementwise.js';
import { exp } from '../graph/ops/functions.js';
import { reduceMax } from '../graph/ops/reducing.js';
import { concat } from '../graph/ops/shaping.js';
import type { SemanticIds } from '../semantic-ids/residual-kmeans.js';
import { trieMask } from '../semantic-ids/trie-mask.js';
import { buildTrie, type Trie } from '../semantic-ids/trie.js';
import type { FoundItem } from './beam-search.js';
import { chosenLogProbs } from './chosen-log-probs.js';
import { choiceLogits, choiceTables, levelQueries } from './choice-logits.js';
import { type CodeChoices, codeChoices } from './code-choices.js';
import { digitFeeds } from './code-feeds.js';
import type { CodeModel, CodeScorer } from './code-model.js';
import { type Decoding, decodingFor, SERVING_BEAMS } from './decoding-rule.js';
import type { Drafter } from './drafter.js';
import { type ChoiceScores, exactLogProbs, exactRoom } from './exact-scoring.js';
import { beamFinder, draftFinder, type ItemFinder } from './find-items.js';
import type { HistoryContext } from './history-context.js';
import type { PackedRows } from './pack-sequences.js';
import { parallelScorer } from './parallel-scorer.js';
import { packedRunner, type PackedRunner, type RunShape } from './packed-runner.js';
import { spreadFound } from './spread-found.js';

export interface ScoredCatalogue {
  readonly ids: SemanticIds;
  /** Built from the codes when left out; parallel codes need none. */
  readonly trie?: Trie;
  /** By rule from the size when left out. */
  readonly decoding?: Decoding | undefined;
  /** What drafts for `draft`; without it nothing is drafted, and the proof takes a pass more. */
  readonly drafter?: Drafter;
}

interface Compiled {
  readonly model: CodeModel;
  readonly ids: SemanticIds;
  readonly trie: Trie;
}

/** Histories, and how they came about where that is known. */
interface Asked {
  readonly histories: readonly Int32Array[];
  readonly contexts?: readonly HistoryContext[] | undefined;
}

export async function codeScorer(
  compute: Pick<Compute, 'compile'>,
  model: CodeModel,
  { ids, trie, drafter, decoding = decodingFor(ids.itemCount) }: ScoredCatalogue,
): Promise<CodeScorer> {
  if (model.decoder.isParallel === true) return parallelScorer(compute, model, ids);
  const compiled: Compiled = { model, ids, trie: trie ?? buildTrie(ids) };
  const nothing = () => Promise.resolve(new Int32Array());
  const finder =
    decoding === 'draft' ? draftFinder(compute, compiled, drafter ?? nothing) : beamFinder(compute, compiled);
  const found = searchScorer(compute, compiled, finder);
  const exact = decoding === 'exact' ? await exactScorer(compute, compiled) : null;
  return {
    ...(exact && {
      scoreChosen: (histories, items, contexts) => {
        const chosen = chosenLogProbs(exact.choices, items);
        const out = histories.map(() => new Float32Array(items.length));
        return exact.score({ histories, contexts }, out, (own, scores) => scores.set(chosen(own)));
      },
    }),
    search: (histories, few, { taken, contexts } = {}) => found.search({ histories, contexts }, few, taken),
    async score(histories, contexts, into) {
      if (exact) {
        const out = histories.map((_, h) => into?.[h]?.fill(0) ?? new Float32Array(ids.itemCount));
        return exact.score({ histories, contexts }, out, exact.logProbsOfAll);
      }
      const likeliest = await found.search({ histories, contexts }, SERVING_BEAMS);
      return likeliest.map((items) => spreadFound(items, ids.itemCount));
    },
    async dispose() {
      await Promise.all([found.dispose(), exact?.dispose()]);
    },
  };
}

/** Scores every item: one product per level with a table over the choices of the trie. */
async function exactScorer(compute: Pick<Compute, 'compile'>, compiled: Compiled) {
  const { model, trie } = compiled;
  const choices = codeChoices(trie);
  const { count } = choices;
  const tables = await choiceTables(compute, model, { trie, nodes: choices.nodes });
  const runner = packedRunner(compute, model.config.history, (shape) =>
    scoresGraph({ model, choices }, shape),
  );
  const { logProbs } = exactRoom(choices);
  return {
    choices,
    logProbsOfAll: (own: ChoiceScores, scores: Float32Array) =>
      void exactLogProbs(choices, own, { logProbs, scores }),
    /** `write` turns the scores of the choices into those of the items that `out` has room for; zeros for an empty history. */
    async score(
      asked: Asked,
      out: Float32Array[],
      write: (own: ChoiceScores, scores: Float32Array) => void,
    ): Promise<Float32Array[]> {
      if (count === 0) return out; // one item, and so certain
      await eachBatch(compiled, { runner, tables }, asked, ({ places }, { logits, exps }) => {
        const rowOf = (all: Float32Array, i: number) => all.subarray(i * count, (i + 1) * count);
        places.forEach(({ sequence }, i) => {
          const own = { logits: rowOf(logits as Float32Array, i), exps: rowOf(exps as Float32Array, i) };
          write(own, out[sequence] as Float32Array);
        });
      });
      return out;
    },
    dispose: () => runner.dispose(),
  };
}

/** Reads each person's queries and lets the finder find. */
function searchScorer(compute: Pick<Compute, 'compile'>, compiled: Compiled, finder: ItemFinder) {
  const { model, trie } = compiled;
  const { width: size } = model.decoder;
  const runner = packedRunner(compute, model.config.history, (shape) => queriesGraph(model, shape));
  return {
    async search(asked: Asked, few: number, taken?: ReadonlySet<number>): Promise<FoundItem[][]> {
      const mask = taken && trieMask(trie, taken);
      const queries: Float32Array[][] = asked.histories.map(() => []);
      await eachBatch(compiled, { runner, tables: {} }, asked, ({ places }, values) => {
        places.forEach(({ sequence }, i) => {
          queries[sequence] = model.decoder.radix.map((_, level) =>
            (values[`query${level}`] as Float32Array).slice(i * size, (i + 1) * size),
          );
        });
      });
      const out: FoundItem[][] = [];
      for (const [h, history] of asked.histories.entries()) {
        const own = queries[h] ?? [];
        // an empty history has no state
        out.push(own.length === 0 ? [] : await finder.find({ queries: own, history, few, mask }));
      }
      return out;
    },
    async dispose() {
      await Promise.all([runner.dispose(), finder.dispose()]);
    },
  };
}

/** items, digits, positions, segments, ends -> query{l} (most, width). */
function queriesGraph(model: CodeModel, shape: RunShape): Graph {
  const graph = new Graph();
  levelQueries(graph, model, shape).forEach((query, level) => graph.output(`query${level}`, query));
  return graph;
}

/** The same inputs -> logits and their exponentials (most, choices of all levels), the best of each level at 0. */
function scoresGraph(
  coded: { readonly model: CodeModel; readonly choices: CodeChoices },
  shape: RunShape,
): Graph {
  const graph = new Graph();
  const levels = choiceLogits(graph, coded, shape).filter((level) => level !== null);
  const lowered = levels.map((level) => sub(level, reduceMax(level, { axes: [1], keepDims: true })));
  const logits = concat(lowered, 1);
  graph.output('logits', logits);
  graph.output('exps', exp(logits));
  return graph;
}

async function eachBatch(
  { model, ids }: Compiled,
  { runner, tables }: { readonly runner: PackedRunner; readonly tables: Values },
  { histories, contexts }: Asked,
  take: (packed: PackedRows, values: Values) => void,
): Promise<void> {
  const fed = { ...model.weights, ...tables };
  const feedsOf = ({ items }: PackedRows) => ({ ...fed, items, ...digitFeeds('digit', items, ids) });
  await runner.run(histories, feedsOf, take, contexts);
}
