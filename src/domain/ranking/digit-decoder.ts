import type { Compute, Executable, Values } from '../graph/compute.js';
import { Graph } from '../graph/graph.js';
import type { Beams, DigitLogits } from './beam-search.js';
import { closeCompiled } from './close-compiled.js';
import type { DecoderConfig } from './depth-decoder.js';
import { compileWithWeights, digitScores } from './digit-scores.js';

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
      steps.get(level) ??
      compileWithWeights(compute, stepGraph(decoder, level, level === 0 ? 1 : rows), weights);
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

/** query (1, width), digit0.. (rows) -> logits and their exponentials (rows, radix). */
function stepGraph(decoder: DecoderConfig, level: number, rows: number): Graph {
  const graph = new Graph();
  const query = graph.input('query', [1, decoder.width]);
  const digits = Array.from({ length: level }, (_, l) => graph.input(`digit${l}`, [rows], 'i64'));
  const { logits, exps } = digitScores(query, digits, decoder);
  graph.output('logits', logits);
  graph.output('exps', exps);
  return graph;
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
