import type { Values } from '../../graph/compute.js';
import { add, mul } from '../../graph/ops/elementwise.js';
import { topItems } from '../top-items.js';
import { nextItemLoss } from '../trunk-loss.js';
import { drawPositions } from './draw-examples.js';
import { type Asked, askedAfter, eachScored, tuningShape, type TuningLesson } from './lesson.js';
import { policyGradientLoss } from './policy-gradient-loss.js';
import type { RewardModel } from './reward-model.js';
import { slateBatches } from './slate-batches.js';
import { slateLogits } from './slate-logits.js';
import type { Objective } from './tune-trunk.js';

export interface PolicySettings {
  /** λ of the KL penalty: the reward that one nat of distance from the frozen trunk has to earn. */
  readonly penalty: number;
  /** Weight of the next-item loss beside it. */
  readonly anchor: number;
}

/** Candidates of a history: what people will ever see of an answer. The next-item loss keeps the rest of the catalogue behind them. */
const CANDIDATES = 100;
/** Histories that the goal is measured on. */
const JUDGES = 500;

/** Tunes the policy over the frozen trunk's best candidates towards a reward; the goal is the reward it may expect on held-out histories. */
export async function policyObjective(
  lesson: TuningLesson,
  settings: PolicySettings,
  { rewards, judges }: { readonly rewards: RewardModel['rewards']; readonly judges: readonly Asked[] },
): Promise<Objective> {
  const { config } = lesson;
  const shape = tuningShape(config);
  const size = Math.min(CANDIDATES, config.itemCount - 1);
  const judged = judges.filter(({ history }) => history.length > 0).slice(0, JUDGES);
  const jury = { asked: judged, ...(await policyRows(lesson, judged, { size, rewards })) };
  return {
    shape,
    hasDropout: false,
    loss(graph, states) {
      const rows = [shape.most, size] as const;
      const { loss, advantage, divergence } = policyGradientLoss(
        {
          logits: slateLogits(graph, states, { config, most: shape.most, size }),
          reference: graph.input('reference', rows),
          rewards: graph.input('rewards', rows),
          weights: graph.input('histories', [shape.most]),
        },
        settings.penalty,
      );
      graph.output('reward', advantage);
      graph.output('divergence', divergence);
      const anchor = nextItemLoss(graph, states, { config, candidates: shape.candidates });
      return add(loss, mul(anchor, settings.anchor));
    },
    async round(index) {
      const random = lesson.random.fork(`round ${index}`);
      const examples = drawPositions(lesson.sequences, random);
      const asked = examples.map((example) => askedAfter(lesson, example));
      const rows = await policyRows(lesson, asked, { size, rewards });
      const one = Float32Array.of(1);
      return slateBatches({ ...lesson, random }, examples, { ...rows, histories: examples.map(() => one) });
    },
    goal: (weights) => expectedReward(lesson, weights, jury),
  };
}

/** Of one kind, a row per history: candidates, what the frozen trunk gives them, and their rewards. */
interface PolicyRows {
  readonly slates: readonly Int32Array[];
  readonly reference: readonly Float32Array[];
  readonly rewards: readonly Float32Array[];
}

async function policyRows(
  lesson: TuningLesson,
  asked: readonly Asked[],
  { size, rewards }: { readonly size: number; readonly rewards: RewardModel['rewards'] },
): Promise<PolicyRows> {
  const slates: Int32Array[] = [];
  const reference: Float32Array[] = [];
  await eachScored(lesson, lesson.weights, asked, (scores, i) => {
    const seen = new Set(asked[i]?.history);
    const slate = topItems(scores, size, seen.size <= scores.length - size ? seen : undefined);
    slates[i] = slate;
    reference[i] = Float32Array.from(slate, (item) => scores[item] as number);
  });
  return { slates, reference, rewards: await rewards(asked, slates) };
}

/** E_π[r] over the candidates, mean over histories. */
async function expectedReward(
  lesson: TuningLesson,
  weights: Values,
  { asked, slates, rewards }: PolicyRows & { readonly asked: readonly Asked[] },
): Promise<number> {
  let sum = 0;
  await eachScored(lesson, weights, asked, (scores, i) => {
    const logits = Float64Array.from(slates[i] as Int32Array, (item) => scores[item] as number);
    const top = logits.reduce((max, z) => Math.max(max, z), -Infinity);
    const masses = logits.map((z) => Math.exp(z - top));
    const total = masses.reduce((all, mass) => all + mass, 0);
    sum += masses.reduce((all, mass, c) => all + mass * (rewards[i]?.[c] as number), 0) / total;
  });
  return sum / Math.max(1, asked.length);
}
