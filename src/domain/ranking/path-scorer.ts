import type { Compute, Executable, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import type { Trie } from '../semantic-ids/trie.js';
import type { DigitScores } from './children-total.js';
import { closeCompiled } from './close-compiled.js';
import type { CodeModel } from './code-model.js';
import type { DecoderConfig } from './depth-decoder.js';
import { compileWithWeights, digitScores } from './digit-scores.js';

/** Nodes of the trie whose children are asked for, by level: [0] for the root, then those of level 1, and so on. */
export type AskedNodes = readonly ArrayLike<number>[]; // (levels)

/** One row per asked node of each level, as a beam step gives them. */
export type PathScores = (asked: AskedNodes) => Promise<readonly DigitScores[]>; // (levels)

/** The depth decoder over prefixes of all lengths at once: what verifies a draft. */
export interface PathScorer {
  /** For one person, by the query of each level (width). */
  scoresFor(queries: readonly Float32Array[]): PathScores;
  dispose(): Promise<void>;
}

/** Prefixes of one length in a pass: few shapes to compile, and a pass over five prefixes does not pay for 64. */
const PASS_ROWS = [16, 64] as const;
export const MOST_ROWS = PASS_ROWS[1];

/** Teacher forcing over the trie: the digits of all prefixes are known, so no level waits for the one above it. */
export function pathScorer(
  compute: Pick<Compute, 'compile'>,
  { decoder, weights }: Pick<CodeModel, 'decoder' | 'weights'>,
  trie: Trie,
): PathScorer {
  const passes = new Map<number, Promise<Executable>>();
  const open = (rows: number) => {
    const known = passes.get(rows) ?? compileWithWeights(compute, passGraph(decoder, rows), weights);
    passes.set(rows, known);
    return known;
  };
  return {
    scoresFor: (queries) => async (asked) => {
      const most = asked.slice(1).reduce((max, { length }) => Math.max(max, length), 0);
      const rows = PASS_ROWS.find((size) => size >= most);
      if (rows === undefined) throw new Error(`at most ${MOST_ROWS} prefixes of a length, ${most} came`);
      const executable = await open(rows);
      const out = await executable.run({ ...queryFeeds(queries), ...prefixFeeds(trie, asked, rows) });
      return decoder.radix.map((_, level) => ({
        logits: out[`logits${level}`] as Float32Array,
        exps: out[`exps${level}`] as Float32Array,
      }));
    },
    dispose: () => closeCompiled(passes),
  };
}

/** query{l} (1, width), digit{l}.{m} (rows): digit m of each prefix of length l -> logits{l}, exps{l} (rows, radix). */
function passGraph(decoder: DecoderConfig, rows: number): Graph {
  const graph = new Graph();
  decoder.radix.forEach((_, level) => {
    const query = graph.input(`query${level}`, [1, decoder.width]);
    const digits = Array.from({ length: level }, (__, m) => graph.input(digitName(level, m), [rows], 'i64'));
    const { logits, exps } = digitScores(query, digits, decoder);
    graph.output(`logits${level}`, logits);
    graph.output(`exps${level}`, exps);
  });
  return graph;
}

const digitName = (level: number, m: number) => `digit${level}.${m}`;

function queryFeeds(queries: readonly Float32Array[]): Values {
  return Object.fromEntries(queries.map((query, level) => [`query${level}`, query]));
}

function prefixFeeds({ digit, parent }: Trie, asked: AskedNodes, rows: number): Values {
  const feeds: Values = {};
  for (let level = 1; level < asked.length; level++) {
    const node = new Int32Array(rows);
    node.set(asked[level] as ArrayLike<number>);
    for (let m = level - 1; m >= 0; m--) {
      const [own, above] = [digit[m] as Uint16Array, parent[m] as Int32Array];
      feeds[digitName(level, m)] = node.map((n) => own[n] as number);
      for (let i = 0; i < rows; i++) node[i] = above[node[i] as number] as number;
    }
  }
  return feeds;
}
