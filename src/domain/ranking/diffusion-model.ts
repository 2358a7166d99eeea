import { DomainError } from '../errors.js';
import type { Values } from '../graph/compute.js';
import type { Diffusion } from './diffusion-objective.js';
import type { StartTrunk } from './train-codes.js';
import { trunkItems, type UnitItems } from './trunk-items.js';

/** A trained denoiser of item vectors, as plain data. */
export interface DiffusionModel {
  readonly objective: Diffusion;
  /** Steps of the way back from noise when it answers. */
  readonly steps: number;
  /** How far an answer moves from what is likely for anybody to what is likely for this person; 0 = the condition alone. */
  readonly guidance: number;
  /** Chance of its answers: the same history and seed give the same scores. */
  readonly seed: number;
  readonly weights: Values;
  /** DiffRec's own unit item vectors; null where the trunk's are used. */
  readonly items: UnitItems | null;
}

/** The space of a model; one that was trained on a trunk cannot be opened without it. */
export function itemsOf({ objective, items }: DiffusionModel, trunk: StartTrunk | null): UnitItems {
  if (items !== null) return items;
  if (trunk !== null) return trunkItems(trunk);
  throw new DomainError('INVALID_INPUT', `${objective} answers with a trunk below it, the artefact has none`);
}
