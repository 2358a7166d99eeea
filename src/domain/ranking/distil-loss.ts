import type { Graph, Tensor } from '../graph/graph.js';
import { crossEntropyRows, weightedMean } from '../graph/ops/cross-entropy.js';
import { add, mul, stopGradient } from '../graph/ops/elementwise.js';
import { logSoftmax, softmax } from '../graph/ops/normalising.js';
import { reduceSum } from '../graph/ops/reducing.js';
import { type DecoderConfig, forcedLogits } from './depth-decoder.js';

/** Parameters of the student carry it while it learns beside its teacher. */
export const STUDENT = 'student/';

export interface Distilling {
  readonly teacher: DecoderConfig;
  readonly student: DecoderConfig;
  /** τ: softens both, so that the student also learns which digits are nearly right. */
  readonly softness: number;
  /** Weight of the teacher's word; the rest goes to what people really chose. */
  readonly trust: number;
}

/**
 * Distillation (Hinton et al. 2015, section 2.1), per level on the true prefix and summed over levels:
 *
 *   trust · τ² · KL(softmax(t / τ) ‖ softmax(s / τ)) + (1 - trust) · -log softmax(s)[digit]
 *
 * up to the teacher's entropy, which no student can change. `states` (tokens, width) are the teacher's; inputs as of `codeLoss`.
 */
export function distilLoss(graph: Graph, states: Tensor, distilling: Distilling): Tensor {
  const { teacher, student, softness, trust } = distilling;
  const tokens = states.shape[0] as number;
  const digits = teacher.radix.map((_, l) => graph.input(`target${l}`, [tokens], 'i64'));
  const rows = digits.map((digit, level) => {
    const allowed = graph.input(`allowed${level}`, [tokens, teacher.radix[level] as number]);
    const before = digits.slice(0, level);
    const t = add(forcedLogits(states, before, { ...teacher, dropout: 0 }), allowed); // (tokens, radix)
    const s = graph.within(STUDENT, () => add(forcedLogits(states, before, student), allowed));
    const wanted = stopGradient(softmax(mul(t, 1 / softness)));
    const soft = reduceSum(mul(wanted, logSoftmax(mul(s, 1 / softness))), { axes: [1] }); // (tokens)
    return add(mul(soft, -trust * softness ** 2), mul(crossEntropyRows(s, digit), 1 - trust));
  });
  return weightedMean(
    rows.reduce((a, b) => add(a, b)),
    graph.input('weights', [tokens]),
  );
}
