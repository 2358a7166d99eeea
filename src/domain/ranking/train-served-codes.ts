import type { Compute } from '../graph/compute.js';
import { type Distillation, distilCodes } from './distil-codes.js';
import type { RankingData } from './part.js';
import {
  type CodeRecipe,
  type CodesPart,
  type StartCodes,
  type StartTrunk,
  trainCodes,
} from './train-codes.js';
import type { TrainingOptions, TrainingProgress } from './training.js';

export interface ServedCodesOptions extends TrainingOptions {
  readonly trunk?: StartTrunk;
  readonly start?: StartCodes;
  readonly onDistilling?: (progress: TrainingProgress) => void;
}

/** Of the seconds for codes, where they are distilled as well. */
const TEACHER_SHARE = 0.75;

/** The codes that answer: as trained or, where the recipe says so and nothing is lost, distilled. */
export async function trainServedCodes(
  data: RankingData,
  compute: Pick<Compute, 'compile'>,
  { onDistilling, ...options }: ServedCodesOptions,
  recipe: CodeRecipe,
): Promise<{ readonly part: CodesPart; readonly distillation: Distillation | null }> {
  if (recipe.distil !== true) {
    return { part: await trainCodes(data, compute, options, recipe), distillation: null };
  }
  const { onProgress, budgetSeconds: seconds, ...same } = options;
  const within = (share: number) => (seconds === undefined ? {} : { budgetSeconds: share * seconds });
  const teaching = { ...same, ...within(TEACHER_SHARE), ...(onProgress && { onProgress }) };
  const teacher = await trainCodes(data, compute, teaching, recipe);
  const learning = {
    ...same,
    ...within(1 - TEACHER_SHARE),
    ...(onDistilling && { onProgress: onDistilling }),
  };
  try {
    return await distilCodes(teacher, data, { compute, recipe, options: learning });
  } catch (error) {
    await teacher.dispose();
    throw error;
  }
}
