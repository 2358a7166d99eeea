import type { Compute } from '../../graph/compute.js';
import type { RankingData } from '../part.js';
import type { RankerRecipe } from '../recipe.js';
import { trainTrunk, trunkRecipeFor, type TrunkPart } from '../train-trunk.js';
import type { TrainingOptions } from '../training.js';
import type { Preference } from './preference.js';
import { trainablePreferences } from './trainable-preferences.js';
import { tuneByRecipe, type TuningReport, wantsTuning } from './tune-by-recipe.js';

/** Share of the trunk's time that its second stage gets, where there is one. */
const TUNING_SHARE = 0.3;

export interface TrunkLesson {
  /** What may be learned from. */
  readonly train: RankingData;
  /** Everything, to know what is held out. */
  readonly data: RankingData;
  readonly preferences: readonly Preference[];
  readonly recipe: RankerRecipe;
}

/** The trunk by the recipe: next-item training and, where it asks for one, the second stage with what that changed. */
export async function trainTunedTrunk(
  { train, data, preferences, recipe }: TrunkLesson,
  compute: Pick<Compute, 'compile'>,
  options: TrainingOptions & { readonly budgetSeconds: number },
): Promise<{ readonly part: TrunkPart; readonly report: TuningReport | null }> {
  const plan = trunkRecipeFor(train, recipe);
  if (!wantsTuning(recipe)) return { part: await trainTrunk(train, compute, options, plan), report: null };
  const timed = (share: number) => ({ ...options, budgetSeconds: share * options.budgetSeconds });
  const trunk = await trainTrunk(train, compute, timed(1 - TUNING_SHARE), plan);
  const pupil = { trunk, data: train, preferences: trainablePreferences(preferences, { data, train }) };
  return tuneByRecipe(pupil, compute, timed(TUNING_SHARE), recipe);
}
