import type { Compute, Executable, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import { add, mul, sub } from '../graph/ops/elementwise.js';
import { exp } from '../graph/ops/functions.js';
import { matmul } from '../graph/ops/matmul.js';
import { reduceMax } from '../graph/ops/reducing.js';
import type { Beams, DigitLogits } from './beam-search.js';
import { codeVectors, type DecoderConfig, prefixEffect } from './depth-decoder.js';
import { closeCompiled } from './close-compiled.js';

/** The depth decoder as a beam needs it: what may come next after prefixes that are known only now. */
export interface DigitDecoder {
  /** For one person, by the query of each level (width). */
  logitsFor(queries: readonly Float32Array[]): DigitLogits;
  dispose(): Promise<void>;
}

/** Prefixes of one run by the width of the beam: few shapes to compile for any width, and wide beams take several runs. */
export function decoderRows(width: number): number {
  return Math.min(512, 2 ** Math.ceil(Math.log2(Math.max(1, width))));
}

/**
 * One small graph per level: digits so far -> scale and shift -> logits of the whole radix. It holds the model's weights and nothing
 * of the catalogue, so ten million items decode in the same memory and nearly the same time as ten thousand.
 */
export function digitDecoder(
  compute: Pick<Compute, 'compile'>,
  { decoder, weights }: { readonly decoder: DecoderConfig; readonly weights: Values },
  rows: number,
): DigitDecoder {
  const steps = new Map<number, Promise<Executable>>();
  const open = (level: number) => {
    const known =
      steps.get(level) ?? compileStep(compute, stepGraph(decoder, level, level === 0 ? 1 : rows), weights);
    steps.set(level, known);
    return known;
  };
  return {
    logitsFor: (queries) => async (beams) => {
      const level = beams.digits.length;
      const [executable, radix] = [await open(level), decoder.radix[level] as number];
      const [logits, exps] = [new Float32Array(beams.count * radix), new Float32Array(beams.count * radix)];
      for (let from = 0; from < beams.count; from += rows) {
        const feeds = { query: queries[level] as Float32Array, ...prefixFeeds(beams, from, rows) };
        const made = await executable.run(feeds);
        const used = Math.min(rows, beams.count - from) * radix;
        logits.set((made['logits'] as Float32Array).subarray(0, used), from * radix);
        exps.set((made['exps'] as Float32Array).subarray(0, used), from * radix);
      }
      return { logits, exps };
    },
    dispose: () => closeCompiled(steps),
  };
}

/** With its weights compiled in, the runtime normalises the code vectors once instead of at every step. */
function compileStep(compute: Pick<Compute, 'compile'>, graph: Graph, weights: Values): Promise<Executable> {
  const names = [...graph.parameters.keys()];
  const constants = Object.fromEntries(names.map((name) => [name, weights[name] as Float32Array]));
  return compute.compile(graph, { constants });
}

/** query (1, width), digit0.. (rows) -> logits and their exponentials (rows, radix), the best of each row at 0. */
function stepGraph(decoder: DecoderConfig, level: number, rows: number): Graph {
  const graph = new Graph();
  const query = graph.input('query', [1, decoder.width]);
  const digits = Array.from({ length: level }, (_, l) => graph.input(`digit${l}`, [rows], 'i64'));
  const raw = matmul(conditioned(), codeVectors(graph, level, decoder), { transB: true });
  const logits = sub(raw, reduceMax(raw, { axes: [1], keepDims: true }));
  graph.output('logits', logits);
  graph.output('exps', exp(logits));
  return graph;

  function conditioned() {
    if (level === 0) return query;
    const { scale, shift } = prefixEffect(digits, decoder, false);
    return add(mul(query, add(scale, 1)), shift); // (rows, width)
  }
}

function prefixFeeds({ digits }: Beams, from: number, rows: number): Values {
  const feeds: Values = {};
  digits.forEach((all, level) => {
    const own = new Int32Array(rows);
    own.set(all.subarray(from, from + rows));
    feeds[`digit${level}`] = own;
  });
  return feeds;
}
