import type { Random } from '../random.js';
import { newLessons } from './new-lessons.js';
import type { RankingData } from './part.js';
import type { RankerRecipe } from './recipe.js';
import { startFrom, type StartModel, type StartParts } from './start-from.js';
import { type CodeRecipe, codeRecipeFor } from './train-codes.js';
import { type TrunkRecipe, trunkRecipeFor } from './train-trunk.js';
import { rowsFor } from './trunk-config.js';
import type { TrunkConfig } from './trunk.js';

/** What one trained part learns from, how, and from which weights on. */
interface PartPlan<Recipe, Start> {
  readonly lessons: RankingData;
  readonly recipe: Recipe;
  readonly start: Start | null;
}

export interface TrainingPlans {
  readonly trunk: PartPlan<TrunkRecipe, NonNullable<StartParts['trunk']>>;
  readonly codes: PartPlan<CodeRecipe, NonNullable<StartParts['codes']>>;
}

export interface BeginOptions {
  readonly start?: StartModel;
  readonly recipe?: RankerRecipe;
  /** Seconds beside each item of the sequences. */
  readonly times: readonly Float64Array[];
}

/** Half the rate of a fresh start: what is known shall bend, not break. */
const GOING_ON_RATE = 1e-3;

/** Where trunk and codes begin: a part goes on from what it knew if it still has the shape that the rule asks for today, else afresh. */
export function beginTraining(train: RankingData, options: BeginOptions, random: Random): TrainingPlans {
  const { start, recipe } = options;
  const recipes = { trunk: trunkRecipeFor(train, recipe), codes: codeRecipeFor(train, recipe) };
  const found = start ? startFrom(start.model, train, random.fork('space')) : { trunk: null, codes: null };
  const lessons = memo(() => lessonsOf(train, options, random));
  const plan = <R extends TrunkRecipe | CodeRecipe, S>(own: R, begin: S | null, config?: TrunkConfig) => {
    const fits = begin !== null && JSON.stringify(config) === JSON.stringify(own.config);
    if (!fits) return { lessons: train, recipe: own, start: null };
    const rows = rowsFor(lessons(), own.config.history);
    return { lessons: lessons(), recipe: { ...own, rows, learningRate: GOING_ON_RATE }, start: begin };
  };
  return {
    trunk: plan(recipes.trunk, found.trunk, found.trunk?.config),
    codes: plan(recipes.codes, sameTokenizer(found.codes, recipes.codes), found.codes?.config),
  };
}

/** Codes of another kind have nothing to go on with. */
function sameTokenizer(found: StartParts['codes'], { tokenizer }: CodeRecipe): StartParts['codes'] {
  return found?.catalogue.tokenizer.kind === tokenizer ? found : null;
}

function lessonsOf(train: RankingData, { start, times }: BeginOptions, random: Random): RankingData {
  const since = start?.since ?? null;
  if (since === null) return train;
  return newLessons(train, { times, since }, random.fork('replay'));
}

function memo<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
