import type { Values } from '../../graph/compute.js';
import { add, mul } from '../../graph/ops/elementwise.js';
import { gatherRows } from '../../graph/ops/indexing.js';
import { type Random, shuffled } from '../../random.js';
import { nextItemLoss } from '../trunk-loss.js';
import { augmentedView } from './augment-views.js';
import { contrastiveLoss } from './contrastive-loss.js';
import { intentsOf } from './intents.js';
import { askedAfter, samplingOf, tuningShape, type TuningLesson } from './lesson.js';
import { nextItemFeeds } from './next-item-feeds.js';
import { type PackedStrands, packStrands, type Strand } from './pack-strands.js';
import type { Objective } from './tune-trunk.js';

/** Divides the cosine of two views; 0.1 tells views of near people apart, where 1 hardly moves (CL4SRec uses plain products). */
const TEMPERATURE = 0.1;
const NO_OPPOSITE = -1e9;

/**
 * Next-item loss plus `weight` times the mean of two InfoNCE losses: between two augmented views of a history (CL4SRec), and between
 * a view and that of another person with the same intent (ICLRec), where others of that intent are no opposites. Intents are found
 * anew in each round.
 */
export function contrastiveObjective(lesson: TuningLesson, weight: number): Objective {
  const { config, sequences } = lesson;
  const shape = tuningShape(config);
  const groups = Math.floor(shape.most / VIEWS);
  return {
    shape,
    hasDropout: true,
    loss(graph, states) {
      const view = (name: string) => gatherRows(states, graph.input(name, [groups], 'i64')); // (groups, width)
      const weights = graph.input('pairs', [groups]);
      const contrast = (b: string, opposites: string) =>
        contrastiveLoss(
          { a: view('endsA'), b: view(b), opposites: graph.input(opposites, [groups, groups]), weights },
          TEMPERATURE,
        );
      const own = graph.output('ownViews', contrast('endsB', 'otherPeople'));
      const shared = graph.output('sharedIntent', contrast('endsC', 'otherIntents'));
      const next = nextItemLoss(graph, states, { config, candidates: shape.candidates });
      return add(next, mul(add(own, shared), weight / 2));
    },
    async round(index, weights) {
      const random = lesson.random.fork(`round ${index}`);
      const intents = await intentsOf(lesson, weights(), random.fork('intents'));
      const companions = companionsOf(intents);
      const people = shuffled(
        sequences.flatMap((sequence, person) => (sequence.length >= 2 ? [person] : [])),
        random,
      );
      const strands = people.map((person) => strandsOf(lesson, { person, intents, companions }, random));
      const sampling = samplingOf(lesson);
      return packStrands(strands, { ...shape, most: groups * VIEWS }).map((packed, b) => ({
        ...nextItemFeeds(packed.batch, sampling, random.fork(`candidates ${b}`)),
        ...viewFeeds(packed, groups, (group) => intents[people[group] as number] as number),
      }));
    },
  };
}

/** Sequences of a group: the history itself, two views of it, one of somebody else. */
const VIEWS = 4;

/** People by intent. */
function companionsOf(intents: Int32Array): Map<number, number[]> {
  const companions = new Map<number, number[]>();
  intents.forEach((intent, person) => companions.set(intent, [...(companions.get(intent) ?? []), person]));
  return companions;
}

interface Seat {
  readonly person: number;
  readonly intents: Int32Array;
  readonly companions: ReadonlyMap<number, readonly number[]>;
}

/** Inputs of all strands end before the person's last item, which is the last target. */
function strandsOf(lesson: TuningLesson, { person, intents, companions }: Seat, random: Random): Strand[] {
  const { sequences } = lesson;
  const sequence = sequences[person] as Int32Array;
  const history = sequence.subarray(0, -1);
  const asked = askedAfter(lesson, { person, history });
  const others = (companions.get(intents[person] as number) ?? []).filter(
    (other) => other !== person && (sequences[other] as Int32Array).length > 0,
  );
  const other = others[random.int(Math.max(1, others.length))] ?? person;
  return [
    { tokens: history, next: sequence.subarray(1), context: asked.context },
    augmentedView(asked, random),
    augmentedView(asked, random),
    augmentedView(askedAfter(lesson, { person: other, history: sequences[other] as Int32Array }), random),
  ];
}

/** Where the views end, which places hold a group, and who is whose opposite. */
function viewFeeds(
  { groups: packed }: PackedStrands,
  groups: number,
  intentOf: (group: number) => number,
): Values {
  const [endsA, endsB, endsC] = [1, 2, 3].map((view) => {
    const ends = new Int32Array(groups);
    packed.forEach(({ ends: own }, i) => (ends[i] = own[view] as number));
    return ends;
  }) as [Int32Array, Int32Array, Int32Array];
  const pairs = new Float32Array(groups).fill(1, 0, packed.length);
  const opposites = (areOpposites: (i: number, j: number) => boolean) =>
    Float32Array.from({ length: groups ** 2 }, (_, at) => {
      const [i, j] = [Math.floor(at / groups), at % groups];
      return i === j || (j < packed.length && areOpposites(i, j)) ? 0 : NO_OPPOSITE;
    });
  const intents = packed.map(({ group }) => intentOf(group));
  const otherPeople = opposites(() => true);
  const otherIntents = opposites((i, j) => intents[i] !== intents[j]);
  return { endsA, endsB, endsC, pairs, otherPeople, otherIntents };
}
