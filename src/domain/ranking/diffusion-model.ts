import { DomainError } from '../errors.js';
import type { Values } from '../graph/compute.js';
import { normaliseRows } from '../semantic-ids/normalise-rows.js';
import type { StartTrunk } from './train-codes.js';

/** Ways to teach the denoiser. */
export const DIFFUSIONS = ['dreamrec', 'preferdiff', 'diffrec'] as const;
export type Diffusion = (typeof DIFFUSIONS)[number];

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

/** Unit vectors of all items, in the space in which the model imagines. */
export interface UnitItems {
  readonly rows: Float32Array; // (itemCount, size)
  readonly size: number;
  readonly itemCount: number;
}

/** The space of a model; one that was trained on a trunk cannot be opened without it. */
export function itemsOf({ objective, items }: DiffusionModel, trunk: StartTrunk | null): UnitItems {
  if (items !== null) return items;
  if (trunk !== null) return trunkItems(trunk);
  throw new DomainError('INVALID_INPUT', `${objective} answers with a trunk below it, the artefact has none`);
}

export function trunkItems({ config: { width, itemCount }, weights }: StartTrunk): UnitItems {
  const table = weights['items.weight'] as Float32Array;
  return { rows: normaliseRows(table.slice(), width), size: width, itemCount };
}
