import type { Compute } from '../../graph/compute.js';
import type { TrainingPlans } from '../begin-training.js';
import type { RankingData } from '../part.js';
import type { RankerRecipe } from '../recipe.js';
import { trainTrunk, type TrunkPart } from '../train-trunk.js';
import type { TrainingOptions } from '../training.js';
import type { Preference } from './preference.js';
import { trainablePreferences } from './trainable-preferences.js';
import { tuneByRecipe, type TuningReport, wantsTuning } from './tune-by-recipe.js';

/** Share of the trunk's time that its second stage gets, where there is one. */
const TUNING_SHARE = 0.3;

export interface TrunkLesson {
  /** What may be learned from. */
  readonly train: RankingData;
  /** What the first stage learns from, how, and from which weights on. */
  readonly plan: TrainingPlans['trunk'];
  /** Everything, to know what is held out. */
  readonly data: RankingData;
  readonly preferences: readonly Preference[];
  readonly recipe: RankerRecipe;
}

/** The trunk by the recipe: next-item training and, where it asks for one, the second stage with what that changed. */
export async function trainTunedTrunk(
  { train, plan, data, preferences, recipe }: TrunkLesson,
  compute: Pick<Compute, 'compile'>,
  options: TrainingOptions & { readonly budgetSeconds: number },
): Promise<{ readonly part: TrunkPart; readonly report: TuningReport | null }> {
  const { lessons, start } = plan;
  const timed = (share: number) => ({ ...options, budgetSeconds: share * options.budgetSeconds });
  const first = (share: number) =>
    trainTrunk(lessons, compute, { ...timed(share), ...(start && { start }) }, plan.recipe);
  if (!wantsTuning(recipe)) return { part: await first(1), report: null };
  const trunk = await first(1 - TUNING_SHARE);
  const pupil = { trunk, data: train, preferences: trainablePreferences(preferences, { data, train }) };
  return tuneByRecipe(pupil, compute, timed(TUNING_SHARE), recipe);
}
