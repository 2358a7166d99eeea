import type { Compute, Values } from '../graph/compute.js';
import { fit } from '../graph/fit.js';
import { Graph } from '../graph/graph.js';
import { createTrainer, type Trainer } from '../graph/trainer.js';
import { type Random, seededRandom } from '../random.js';
import { tokenCentroids } from '../semantic-ids/token-centroids.js';
import { codeScorer } from './code-scorer.js';
import { codeTrunkStates } from './code-trunk.js';
import type { DecoderConfig } from './depth-decoder.js';
import { distilLoss, STUDENT } from './distil-loss.js';
import { type Interval, pairedInterval } from './paired-interval.js';
import type { RankingData, RankingPart } from './part.js';
import { type CodeStudent, servedCodes } from './served-codes.js';
import { stopAfter } from './stop-after.js';
import { codeFeed, type CodeRecipe, type CodesPart, lessonOf, servingScorer } from './train-codes.js';
import type { HeldOut, TrainingOptions } from './training.js';
import { ndcgOfEach } from './validate-part.js';
import { warmCodes } from './warm-start.js';

export interface Distillation {
  /** N@10 on the same held-out people. */
  readonly teacher: number;
  readonly student: number;
  /** Student − teacher, person by person. */
  readonly gain: Interval;
  readonly judges: number;
  /** Whether the student answers from now on: only where it is not worse for sure. */
  readonly serves: boolean;
  readonly epochs: number;
  /** Width of the student's decoder, and of the teacher's. */
  readonly width: number;
  readonly teacherWidth: number;
  /** Time of a teacher's answer over that of a student's, the shared trunk included; null without a clock. */
  readonly speedUp: number | null;
}

/** Four times narrower: a quarter of the numbers of each node and of each product. */
const NARROWER = 4;
/** Narrower ones could not tell 256 codes of a level apart. */
const LEAST_WIDTH = 8;
/** Softness and trust as usual (Hinton et al. 2015 find 2.5 to 4 best for small students). */
const LESSON = { softness: 2, trust: 0.7, learningRate: 4e-3, maxEpochs: 30, patience: 3 } as const;

/**
 * Teaches a narrow decoder what the trained one answers, on the trunk that both read, which stays as it is. The student takes over
 * only if the 95 % interval of its difference to the teacher, on held-out people, does not lie below 0. Of the two parts the one
 * that does not answer is closed.
 */
export async function distilCodes(
  part: CodesPart,
  data: RankingData,
  { compute, recipe, options }: DistilTools,
): Promise<{ readonly part: CodesPart; readonly distillation: Distillation }> {
  const random = seededRandom(options.seed).fork('distil');
  const { questions } = lessonOf(data, options);
  const taught = await teach(part, data, { compute, recipe, options });
  const model = servedCodes({ model: part.model, student: taught.student });
  const scorer = await servingScorer(compute, { model, catalogue: part.catalogue, recipe, data });
  const [before, after] = [await judge(part, questions), await judge(scorer, questions)];
  const gain = pairedInterval(after, before, random.fork('interval'));
  const distillation: Distillation = {
    ...{ teacher: meanOf(before), student: meanOf(after), gain, judges: questions.length },
    serves: gain.high >= 0,
    epochs: taught.epochs,
    ...{ width: taught.student.decoder.width, teacherWidth: part.model.decoder.width },
    speedUp: await speedUpOf([part, scorer], questions, options.now),
  };
  if (!distillation.serves) {
    await scorer.dispose();
    return { part, distillation };
  }
  await part.dispose();
  const validation = distillation.student;
  return { part: { ...part, ...scorer, validation, student: taught.student }, distillation };
}

type Scoring = Pick<RankingPart, 'score'>;

function judge(scorer: Scoring, questions: readonly HeldOut[]): Promise<Float64Array> {
  return ndcgOfEach((histories, contexts) => scorer.score(histories, contexts), questions);
}

export interface DistilTools {
  readonly compute: Pick<Compute, 'compile'>;
  readonly recipe: CodeRecipe;
  readonly options: TrainingOptions;
}

async function teach(
  { model, catalogue }: CodesPart,
  data: RankingData,
  { compute, recipe, options }: DistilTools,
): Promise<{ readonly student: CodeStudent; readonly epochs: number }> {
  const stop = stopAfter(options, 'codes');
  const random = seededRandom(options.seed).fork('distil');
  const lesson = lessonOf(data, options);
  const feed = codeFeed(lesson, { recipe, catalogue }, random);
  const width = Math.max(LEAST_WIDTH, model.decoder.width / NARROWER);
  const decoder: DecoderConfig = { ...model.decoder, width, dropout: 0 };
  const studentOf = (weights: Values): CodeStudent => ({ decoder, weights: ofStudent(weights) });
  const warm = recipe.isWarm ? warmStudent(catalogue, width, random.fork('start')) : {};
  const trainer = studentTrainer(compute, {
    ...{ recipe, teacher: model.decoder, student: decoder, seed: options.seed },
    initial: { ...model.weights, ...warm },
  });
  try {
    const fitted = await fit(trainer, {
      batchAt: feed.batchAt,
      steps: (options.maxEpochs ?? LESSON.maxEpochs) * feed.stepsPerEpoch,
      validateEvery: feed.stepsPerEpoch,
      patience: LESSON.patience,
      async validate(weights) {
        const scorer = await codeScorer(
          compute,
          servedCodes({ model, student: studentOf(weights) }),
          catalogue,
        );
        const scores = await judge(scorer, lesson.questions);
        await scorer.dispose();
        return meanOf(scores);
      },
      onProgress: (progress) => stop.onProgress(progress, feed.stepsPerEpoch),
      signal: stop.signal,
    });
    stop.throwIfAsked();
    return { student: studentOf(fitted.weights), epochs: fitted.bestStep / Math.max(1, feed.stepsPerEpoch) };
  } finally {
    await trainer.dispose();
  }
}

interface Studying {
  readonly recipe: CodeRecipe;
  readonly teacher: DecoderConfig;
  readonly student: DecoderConfig;
  readonly initial: Values;
  readonly seed: number;
}

/** Only the student learns, so there is no way back through the trunk: a step costs about a third of the teacher's. */
function studentTrainer(
  compute: Pick<Compute, 'compile'>,
  { recipe: { config, rows, emaDecay }, teacher, student, initial, seed }: Studying,
): Trainer {
  const { learningRate, softness, trust } = LESSON;
  return createTrainer(compute, {
    build() {
      const graph = new Graph();
      const shape = { rows, length: config.history };
      const states = codeTrunkStates(graph, { config, radix: teacher.radix }, shape, false);
      graph.output('loss', distilLoss(graph, states, { teacher, student, softness, trust }));
      return graph;
    },
    optimiser: { learningRate, weightDecay: 0, emaDecay, warmupSteps: 20 },
    trainable: (name) => name.startsWith(STUDENT),
    seed,
    initial,
  });
}

/** Codes start as their centroids, as the teacher's did. */
function warmStudent(catalogue: CodesPart['catalogue'], width: number, random: Random): Values {
  const centroids = tokenCentroids(catalogue.tokenizer, catalogue);
  const warm = warmCodes({ ...catalogue, centroids }, width, random);
  return Object.fromEntries(Object.entries(warm).map(([name, values]) => [STUDENT + name, values]));
}

function ofStudent(weights: Values): Values {
  const own = Object.entries(weights).filter(([name]) => name.startsWith(STUDENT));
  return Object.fromEntries(own.map(([name, values]) => [name.slice(STUDENT.length), values]));
}

/** Single answers, as a request asks for one: the least of five rounds, since a machine does other work as well. */
async function speedUpOf(
  scorers: readonly [Scoring, Scoring],
  questions: readonly HeldOut[],
  now: (() => number) | undefined,
): Promise<number | null> {
  if (now === undefined || questions.length === 0) return null;
  const least = [Infinity, Infinity];
  for (let round = 0; round < 5; round++) {
    for (const [s, scorer] of scorers.entries()) {
      const begin = now();
      for (let q = 0; q < 60; q++) {
        const { history, context } = questions[q % questions.length] as HeldOut;
        await scorer.score([history], context && [context]);
      }
      least[s] = Math.min(least[s] ?? Infinity, now() - begin);
    }
  }
  const [teacher, student] = least as [number, number];
  return student > 0 ? teacher / student : null;
}

function meanOf(all: Float64Array): number {
  return all.length === 0 ? 0 : all.reduce((sum, x) => sum + x, 0) / all.length;
}
