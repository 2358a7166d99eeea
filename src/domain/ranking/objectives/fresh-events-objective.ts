import { shuffled } from '../../random.js';
import { nextItemLoss } from '../trunk-loss.js';
import { askedAfter, samplingOf, tuningShape, type TuningLesson } from './lesson.js';
import { nextItemFeeds } from './next-item-feeds.js';
import { packStrands } from './pack-strands.js';
import type { Objective } from './tune-trunk.js';

/** Share of all events that count as fresh: the newest where times are known, else the end of each history. */
const FRESH = 0.1;

/** Next-item learning on the newest events alone: a cheap way to follow what changed, in the parameters that may move. */
export function freshEventsObjective(
  lesson: TuningLesson,
  times: readonly Float64Array[] | undefined,
): Objective {
  const { config, sequences } = lesson;
  const shape = tuningShape(config);
  const starts = freshStarts(sequences, times);
  return {
    shape,
    hasDropout: true,
    loss: (graph, states) => nextItemLoss(graph, states, { config, candidates: shape.candidates }),
    round(index) {
      const random = lesson.random.fork(`round ${index}`);
      const groups = sequences.flatMap((sequence, person) => {
        const start = Math.max(1, starts[person] as number);
        if (start >= sequence.length) return [];
        const history = sequence.subarray(0, -1);
        const { context } = askedAfter(lesson, { person, history });
        return [[{ tokens: history, next: sequence.subarray(1), learnFrom: start - 1, context }]];
      });
      const sampling = samplingOf(lesson);
      const batches = packStrands(shuffled(groups, random), shape);
      return Promise.resolve(
        batches.map(({ batch }, b) => nextItemFeeds(batch, sampling, random.fork(`candidates ${b}`))),
      );
    },
  };
}

/** Index of each person's first fresh event; the length of the sequence where none is. */
function freshStarts(
  sequences: readonly Int32Array[],
  times: readonly Float64Array[] | undefined,
): readonly number[] {
  if (times === undefined) return sequences.map(({ length }) => length - Math.ceil(FRESH * length));
  const all = Float64Array.from(times.flatMap((own) => [...own])).sort();
  const since = all[Math.floor((1 - FRESH) * all.length)] ?? Infinity;
  return times.map((own) => {
    const first = own.findIndex((time) => time >= since);
    return first < 0 ? own.length : first;
  });
}
