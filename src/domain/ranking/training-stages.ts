/** What a training does, in this order; a bar tells them apart. */
export const TRAINING_STAGES = [
  'baselines',
  'ease',
  'trunk',
  'codes',
  'distilling',
  'diffusion',
  'fusion',
  'evaluation',
  'refit',
] as const;
export type TrainingStage = (typeof TRAINING_STAGES)[number];
