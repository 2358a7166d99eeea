import type { Compute, Values } from '../graph/compute.js';
import { fit } from '../graph/fit.js';
import { createTrainer } from '../graph/trainer.js';
import { DomainError } from '../errors.js';
import { type Random, seededRandom } from '../random.js';
import { itemSpace } from '../semantic-ids/item-space.js';
import { type DenoiserLesson, itemLesson } from './denoiser-lesson.js';
import { diffRecItems, diffRecLesson } from './diffrec.js';
import type { Diffusion, DiffusionModel } from './diffusion-model.js';
import { type DiffusionScorer, diffusionScorer } from './diffusion-scorer.js';
import { holdOut, type Lesson } from './hold-out.js';
import { DENOISER } from './item-denoiser.js';
import type { RankingData, RankingPart } from './part.js';
import type { RankerRecipe } from './recipe.js';
import { stopAfter } from './stop-after.js';
import type { StartTrunk } from './train-codes.js';
import type { TrainingOptions } from './training.js';
import { rowsFor } from './trunk-config.js';
import { type TrunkStateReader, trunkStateReader } from './trunk-states.js';
import { validateScores } from './validate-part.js';

export interface DiffusionPart extends RankingPart, Pick<DiffusionScorer, 'imagine'> {
  readonly model: DiffusionModel;
  /** N@10 on the held-out people. */
  readonly validation: number;
  readonly epochs: number;
  dispose(): Promise<void>;
}

export interface DiffusionRecipe {
  readonly objective: Diffusion;
  readonly steps: number;
  readonly guidance: number;
  readonly learningRate: number;
  readonly emaDecay: number;
  readonly maxEpochs: number;
  readonly patience: number;
}

/**
 * Squared errors pull an answer to what is popular, and guidance pulls it back: on MovieLens-100K's validation DreamRec has N@10 0.074
 * without and 0.095 with 4 (5 steps); PreferDiff has 0.108 either way, so it is spared the second run of the denoiser.
 */
const GUIDANCE: Readonly<Record<Diffusion, number>> = { dreamrec: 4, preferdiff: 0, diffrec: 0 };
/** With more, an answer is more of a sample and less of a mean, which ranks no better. */
const STEPS = 5;

export function diffusionRecipeFor(choices: RankerRecipe = {}): DiffusionRecipe {
  const objective = choices.diffusion ?? 'preferdiff';
  return {
    objective,
    steps: choices.diffusionSteps ?? STEPS,
    guidance: choices.guidance ?? GUIDANCE[objective],
    learningRate: 1e-3,
    emaDecay: 0.99,
    maxEpochs: 60,
    patience: 4,
  };
}

/** A trained trunk to stand on; DiffRec needs none. */
export type DiffusionOptions = TrainingOptions & { readonly trunk?: StartTrunk };

/** Trains the denoiser of item vectors (DreamRec, PreferDiff) or of people's histories (DiffRec), and stops when held-out people no longer gain. */
export async function trainDiffusion(
  data: RankingData,
  compute: Pick<Compute, 'compile'>,
  options: DiffusionOptions,
  recipe: DiffusionRecipe = diffusionRecipeFor(),
): Promise<DiffusionPart> {
  const stop = stopAfter(options, 'diffusion');
  const random = seededRandom(options.seed).fork('diffusion');
  const held = holdOut(data.sequences, options.validation, random.fork('held out'));
  const lesson = lessonOf(data, held, { options, recipe, random });
  const trainer = createTrainer(compute, {
    build: lesson.build,
    optimiser: {
      learningRate: recipe.learningRate,
      emaDecay: recipe.emaDecay,
      warmupSteps: Math.min(100, lesson.stepsPerEpoch),
    },
    seed: options.seed,
    trainable: isOfDenoiser,
    initial: lesson.frozen,
  });
  const answers = answerer(compute, { recipe, lesson, options });
  try {
    const result = await fit(trainer, {
      batchAt: lesson.batchAt,
      steps: (options.maxEpochs ?? recipe.maxEpochs) * lesson.stepsPerEpoch,
      validateEvery: lesson.stepsPerEpoch,
      patience: recipe.patience,
      validate: (weights) => answers.validate(weights, held),
      onProgress: (progress) => stop.onProgress(progress, lesson.stepsPerEpoch),
      signal: stop.signal,
    });
    stop.throwIfAsked();
    const model = answers.modelOf(result.weights);
    return {
      ...diffusionScorer(compute, model, options.trunk ?? null),
      ...{ name: 'diffusion', model, validation: result.score ?? 0 },
      epochs: result.bestStep / lesson.stepsPerEpoch,
    };
  } finally {
    await Promise.all([trainer.dispose(), answers.dispose()]);
  }
}

const isOfDenoiser = (name: string) => name.startsWith(DENOISER);

interface Plan {
  readonly options: DiffusionOptions;
  readonly recipe: DiffusionRecipe;
  readonly random: Random;
}

function lessonOf(data: RankingData, held: Lesson, { options, recipe, random }: Plan): DenoiserLesson {
  const { objective } = recipe;
  const { trunk } = options;
  if (objective === 'diffrec') {
    const space = options.space ?? itemSpace({ ...data, sequences: held.sequences }, random.fork('space'));
    return diffRecLesson(held.sequences, diffRecItems(space), random);
  }
  if (trunk === undefined)
    throw new DomainError('INVALID_INPUT', `${objective} stands on the trunk: parts with trunk were wanted`);
  const rows = rowsFor({ sequences: held.sequences }, trunk.config.history);
  return itemLesson(held, { trunk, objective, rows, random });
}

type Answering = Pick<Plan, 'options' | 'recipe'> & { readonly lesson: DenoiserLesson };

/** Judges weights between epochs. The trunk is frozen, so its states of the held-out people are read once. */
function answerer(compute: Pick<Compute, 'compile'>, { recipe, options, lesson }: Answering) {
  const { objective, steps, guidance } = recipe;
  const trunk = options.trunk ?? null;
  const reader = trunk === null ? null : trunkStateReader(compute, trunk);
  const known = reader === null ? undefined : remembered(reader, lesson.items.size);
  const modelOf = (weights: Values): DiffusionModel => ({
    ...{ objective, steps, guidance, seed: options.seed },
    weights: Object.fromEntries(Object.entries(weights).filter(([name]) => isOfDenoiser(name))),
    items: objective === 'diffrec' ? lesson.items : null,
  });
  return {
    modelOf,
    async validate(weights: Values, { questions }: Lesson): Promise<number> {
      const scorer = diffusionScorer(compute, modelOf(weights), trunk, known);
      try {
        return await validateScores((histories) => scorer.score(histories), questions);
      } finally {
        await scorer.dispose();
      }
    },
    dispose: async () => reader?.dispose(),
  };
}

function remembered(reader: TrunkStateReader, width: number): TrunkStateReader {
  const known = new WeakMap<Int32Array, Float32Array>();
  return {
    async read(histories) {
      const fresh = histories.filter((history) => !known.has(history));
      const states = await reader.read(fresh);
      fresh.forEach((history, i) => known.set(history, states.slice(i * width, (i + 1) * width)));
      const out = new Float32Array(histories.length * width);
      histories.forEach((history, h) => out.set(known.get(history) ?? [], h * width));
      return out;
    },
    dispose: () => Promise.resolve(), // whoever opened the reader closes it
  };
}
