import type { Values } from '../../graph/compute.js';
import type { Graph, Tensor } from '../../graph/graph.js';
import { add, mul } from '../../graph/ops/elementwise.js';
import type { Random } from '../../random.js';
import { nextItemLoss } from '../trunk-loss.js';
import { ownAnswers, popularOthers } from './choose-negatives.js';
import { drawPositions, drawPreferences, type Example } from './draw-examples.js';
import { askedAfter, eachScored, tuningShape, type TuningLesson } from './lesson.js';
import {
  marginAccuracy,
  pairLoss,
  type PreferenceTensors,
  softmaxPreferenceLoss,
} from './preference-loss.js';
import { heldOutPeople, preferenceAccuracy } from './preference-accuracy.js';
import type { Preference } from './preference.js';
import { slateBatches } from './slate-batches.js';
import { slateLogits } from './slate-logits.js';
import type { Objective } from './tune-trunk.js';

export interface PreferenceSettings {
  readonly kind: 'dpo' | 'softmax-dpo' | 'sprec' | 'rosepo';
  readonly beta: number;
  /** Rejected items beside each chosen one. */
  readonly negatives: number;
  /** Share of labels thought wrong, 0..0.5. */
  readonly smoothing: number;
  /** Weight of the next-item loss beside it: what SPRec's supervised step is, and what keeps the rest of the catalogue in place. */
  readonly anchor: number;
}

/**
 * Preference tuning against the frozen trunk. Rejected items are what was shown and passed over; where nothing of the kind is known,
 * and always for SPRec (Gao et al. 2025), they are the model's own answers that were not taken. SPRec's reference is the model its
 * round began with; RosePO adds popular items that were not taken, its answer to popularity bias.
 */
export function preferenceObjective(
  lesson: TuningLesson,
  settings: PreferenceSettings,
  stored: readonly Preference[] = [],
): Objective {
  const { config } = lesson;
  const shape = tuningShape(config);
  const taken = lesson.sequences.map((sequence) => new Set(sequence));
  const usesStored = stored.length > 0 && settings.kind !== 'sprec';
  const { learned, heldOut } = heldOutPeople(usesStored ? stored : [], lesson.random.fork('held out'));
  return {
    shape,
    hasDropout: false,
    loss(graph, states) {
      const slates = { most: shape.most, size: 1 + settings.negatives };
      const tensors = preferenceTensors(graph, states, { ...slates, config });
      graph.output('accuracy', marginAccuracy(tensors));
      const anchor = nextItemLoss(graph, states, { config, candidates: shape.candidates });
      return add(lossOf(tensors, settings), mul(anchor, settings.anchor));
    },
    async round(index, weights) {
      const random = lesson.random.fork(`round ${index}`);
      const usesStored = stored.length > 0 && settings.kind !== 'sprec';
      const examples = usesStored
        ? drawPreferences(learned, random)
        : drawPositions(lesson.sequences, random);
      const now = weights();
      const rejected = await rejectedOf({ ...lesson, random }, settings, { examples, taken, weights: now });
      const reference = settings.kind === 'sprec' ? now : lesson.weights;
      return slateBatches(
        { ...lesson, random },
        examples,
        await rowsOf(lesson, reference, { examples, rejected, size: 1 + settings.negatives }),
      );
    },
    ...(settings.kind === 'sprec' && { goal: (_, { gini }) => Promise.resolve(-gini) }),
    ...(heldOut.length > 0 && { goal: (weights) => preferenceAccuracy(lesson, weights, heldOut) }),
  };
}

function preferenceTensors(
  graph: Graph,
  states: Tensor,
  slates: Parameters<typeof slateLogits>[2],
): PreferenceTensors {
  const { most, size } = slates;
  return {
    logits: slateLogits(graph, states, slates),
    reference: graph.input('reference', [most, size]),
    present: graph.input('present', [most, size - 1]),
  };
}

function lossOf(tensors: PreferenceTensors, { kind, beta, smoothing }: PreferenceSettings): Tensor {
  switch (kind) {
    case 'softmax-dpo':
      return softmaxPreferenceLoss(tensors, beta);
    case 'rosepo':
      return pairLoss(tensors, { beta, smoothing });
    case 'dpo':
    case 'sprec':
      return pairLoss(tensors, { beta, smoothing: 0 });
  }
}

interface Round {
  readonly examples: readonly Example[];
  /** What each person took, by number of the sequence. */
  readonly taken: readonly ReadonlySet<number>[];
  readonly weights: Values;
}

async function rejectedOf(
  lesson: TuningLesson,
  { kind, negatives }: PreferenceSettings,
  { examples, taken, weights }: Round,
): Promise<Int32Array[]> {
  const { random, sequences } = lesson;
  const out = examples.map(({ rejected }) => someOf(rejected, negatives, random));
  const isShort = ({ length }: Int32Array) => (kind === 'rosepo' ? length < negatives : length === 0);
  if (!out.some(isShort)) return out;
  const asked = examples.map((example) => askedAfter(lesson, example));
  await eachScored(lesson, weights, asked, (scores, i) => {
    const [{ person, history, chosen }, shown] = [examples[i] as Example, out[i] as Int32Array];
    if (!isShort(shown)) return;
    const excluded = new Set([...(taken[person] ?? []), ...history, chosen, ...shown]);
    const missing = negatives - shown.length;
    const popular =
      kind === 'rosepo' ? popularOthers(sequences, missing >> 1, { excluded, random }) : new Int32Array(0);
    for (const item of popular) excluded.add(item);
    const own = ownAnswers(scores, missing - popular.length, { excluded, random });
    out[i] = Int32Array.of(...shown, ...popular, ...own);
  });
  return out;
}

/** `count` of them, by chance where there are more. */
function someOf(items: Int32Array, count: number, random: Random): Int32Array {
  const left = [...items];
  const out: number[] = [];
  while (left.length > 0 && out.length < count) out.push(...left.splice(random.int(left.length), 1));
  return Int32Array.from(out);
}

interface Slates {
  readonly examples: readonly Example[];
  readonly rejected: readonly Int32Array[];
  readonly size: number;
}

/** Slates, what the frozen model gives their items, and which places hold one. */
async function rowsOf(lesson: TuningLesson, frozen: Values, { examples, rejected, size }: Slates) {
  const slates = examples.map(({ chosen }, i) => {
    const slate = new Int32Array(size);
    slate[0] = chosen;
    slate.set(rejected[i] as Int32Array, 1);
    return slate;
  });
  const present = rejected.map(({ length }) => new Float32Array(size - 1).fill(1, 0, length));
  const reference: Float32Array[] = [];
  const asked = examples.map((example) => askedAfter(lesson, example));
  await eachScored(lesson, frozen, asked, (scores, i) => {
    reference[i] = Float32Array.from(slates[i] as Int32Array, (item) => scores[item] as number);
  });
  return { slates, reference, present };
}
