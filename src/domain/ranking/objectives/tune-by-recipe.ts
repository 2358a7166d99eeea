import type { Compute } from '../../graph/compute.js';
import { seededRandom } from '../../random.js';
import { contextsOf } from '../history-context.js';
import { holdOut } from '../hold-out.js';
import type { RankingData } from '../part.js';
import type { RankerRecipe } from '../recipe.js';
import { stopAfter } from '../stop-after.js';
import { supportsOf } from '../together-counts.js';
import type { TrunkPart } from '../train-trunk.js';
import type { TrainingOptions } from '../training.js';
import { trunkScorer } from '../trunk-scorer.js';
import { contrastiveObjective } from './contrastive-objective.js';
import { freshEventsObjective } from './fresh-events-objective.js';
import type { Asked, TuningLesson } from './lesson.js';
import { policyObjective } from './policy-objective.js';
import { preferenceObjective, type PreferenceSettings } from './preference-objective.js';
import type { Preference } from './preference.js';
import { rewardPreferences } from './reward-preferences.js';
import { type RewardModel, trainRewardModel } from './reward-model.js';
import { type Objective, tuneTrunk, type Tuned } from './tune-trunk.js';

/** What tuning did to the trunk, for the report; the weights are in the part. */
export interface TuningReport extends Omit<Tuned, 'weights'> {
  readonly objective: NonNullable<RankerRecipe['objective']>;
  /** Held-out people it was judged on. */
  readonly judges: number;
  /** Preferences that were learned from; 0 where negatives were the model's own answers. */
  readonly preferences: number;
  /** Held-out pairs that the reward model orders as people did; null where there is none. */
  readonly rewardAccuracy: number | null;
}

export interface TunedTrunk {
  readonly part: TrunkPart;
  readonly report: TuningReport;
}

const ROUNDS = 10;
/** A twentieth of what the first stage learns with: a second stage should move a trained model, not find a new one. */
const LEARNING_RATE = 1e-4;

/** Whether a recipe asks for a second stage at all. */
export const wantsTuning = ({ objective = 'next-item', tune }: RankerRecipe): boolean =>
  objective !== 'next-item' || tune !== undefined;

/** Whether it learns from what people chose and passed over. */
export const learnsPreferences = ({ objective = 'next-item' }: RankerRecipe = {}): boolean =>
  ['dpo', 'softmax-dpo', 'rosepo', 'policy-gradient'].includes(objective);

interface Pupil {
  readonly trunk: TrunkPart;
  readonly data: RankingData;
  readonly preferences: readonly Preference[];
}

/** The second stage of a trunk by the recipe: objective, extent and knobs. Gives back the part to use, tuned or as it was. */
export async function tuneByRecipe(
  pupil: Pupil,
  compute: Pick<Compute, 'compile'>,
  options: TrainingOptions,
  recipe: RankerRecipe,
): Promise<TunedTrunk> {
  const { trunk, data } = pupil;
  const stop = stopAfter(options, 'trunk');
  const random = seededRandom(options.seed).fork('tuning');
  const held = holdOut(data.sequences, options.validation, random.fork('held out'), contextsOf(data));
  const { sequences, questions, contexts } = held;
  const { config, weights } = trunk;
  const lesson = { compute, config, weights, sequences, random, ...(contexts && { contexts }) };
  const { objective, rewardAccuracy } = await objectiveOf(
    lesson,
    { ...pupil, judges: questions },
    { seed: options.seed, signal: stop.signal },
    recipe,
  );
  const tuned = await tuneTrunk(trunk, objective, {
    compute,
    extent: recipe.tune ?? 'all',
    jury: { questions, supports: supportsOf(sequences, config.itemCount), people: sequences.length },
    seed: options.seed,
    learningRate: LEARNING_RATE,
    rounds: options.maxEpochs ?? ROUNDS,
    signal: stop.signal,
    onProgress: (progress, stepsPerRound) => stop.onProgress(progress, stepsPerRound),
  });
  stop.throwIfAsked();
  const { weights: found, ...told } = tuned;
  const { objective: name = 'next-item' } = recipe;
  const preferences = learnsPreferences(recipe) ? pupil.preferences.length : 0;
  const report = { ...told, objective: name, judges: questions.length, preferences, rewardAccuracy };
  return {
    part: tuned.isKept ? await withWeights(trunk, compute, { ...tuned, weights: found }) : trunk,
    report,
  };
}

async function withWeights(
  trunk: TrunkPart,
  compute: Pick<Compute, 'compile'>,
  { weights, after }: Pick<Tuned, 'weights' | 'after'>,
): Promise<TrunkPart> {
  await trunk.dispose();
  const scorer = trunkScorer(compute, trunk.config, weights);
  return {
    ...{ ...trunk, weights, validation: after.N10 },
    score: (histories, contexts) => scorer.score(histories, contexts),
    dispose: () => scorer.dispose(),
  };
}

interface Chosen {
  readonly objective: Objective;
  readonly rewardAccuracy: number | null;
}

interface Run {
  readonly seed: number;
  readonly signal: AbortSignal;
}

async function objectiveOf(
  lesson: TuningLesson,
  pupil: Pupil & { readonly judges: readonly Asked[] },
  run: Run,
  recipe: RankerRecipe,
): Promise<Chosen> {
  const { objective = 'next-item', contrast = 0.1 } = recipe;
  switch (objective) {
    case 'next-item':
      return { objective: freshEventsObjective(lesson, pupil.data.times), rewardAccuracy: null };
    case 'contrastive':
      return { objective: contrastiveObjective(lesson, contrast), rewardAccuracy: null };
    case 'policy-gradient':
      return rewardedObjective(lesson, pupil, run, recipe);
    case 'dpo':
    case 'softmax-dpo':
    case 'sprec':
    case 'rosepo': {
      const settings = { ...KNOBS[objective], ...knobsOf(recipe), kind: objective };
      return {
        objective: preferenceObjective(lesson, settings, pupil.preferences),
        rewardAccuracy: null,
      };
    }
  }
}

async function rewardedObjective(
  lesson: TuningLesson,
  { preferences, judges }: Pick<Pupil, 'preferences'> & { readonly judges: readonly Asked[] },
  run: Run,
  { kl = 1 }: RankerRecipe,
): Promise<Chosen> {
  const model = await trainRewardModel(lesson, rewardPreferences(lesson, preferences), run);
  const rewards: RewardModel['rewards'] = (asked, slates) => model.rewards(asked, slates);
  const objective = await policyObjective(lesson, { penalty: kl, anchor: 1 }, { rewards, judges });
  return { objective, rewardAccuracy: model.accuracy };
}

type Knobs = Omit<PreferenceSettings, 'kind'>;

/** Cosines / 0.05 differ by several units where a language model's log-probabilities differ by tenths: hence a small beta. */
const KNOBS: Readonly<Record<PreferenceSettings['kind'], Knobs>> = {
  dpo: { beta: 0.1, negatives: 1, smoothing: 0, anchor: 1 },
  'softmax-dpo': { beta: 0.1, negatives: 8, smoothing: 0, anchor: 1 },
  sprec: { beta: 0.1, negatives: 4, smoothing: 0, anchor: 1 },
  rosepo: { beta: 0.1, negatives: 4, smoothing: 0.1, anchor: 1 },
};

function knobsOf({ beta, negatives, smoothing }: RankerRecipe): Partial<Knobs> {
  return {
    ...(beta !== undefined && { beta }),
    ...(negatives !== undefined && { negatives }),
    ...(smoothing !== undefined && { smoothing }),
  };
}
