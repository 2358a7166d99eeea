import type { Compute } from '../graph/compute.js';
import type { DiffusionModel } from './diffusion-model.js';
import { trunkItems, type UnitItems } from './trunk-items.js';
import type { DiffusionScorer } from './diffusion-scorer.js';
import { type ImaginedItem, imaginedItem, type Imagining, usualDistances } from './imagined-item.js';
import type { StartTrunk } from './train-codes.js';
import { trunkStateReader } from './trunk-states.js';

/** Real items to look for around an imagined one. */
export interface ImagineRequest {
  readonly isAllowed: (item: number) => boolean;
  readonly count: number;
}

/** Says what a person would want next as a vector. */
export interface Imagination {
  /** Null for an empty history: there is nothing to imagine from. */
  imagine(history: Int32Array, request: ImagineRequest): Promise<ImaginedItem | null>;
  dispose(): Promise<void>;
}

/** Samples that tell how sure an imagined item is. */
const SAMPLES = 8;

/** By a trained diffusion part: the mean of several samples, whose spread is the uncertainty. */
export function diffusionImagination(
  scorer: DiffusionScorer,
  { steps, guidance, items }: DiffusionModel,
): Imagination {
  const imagining = async (history: Int32Array): Promise<Imagining> => ({
    ...{ source: 'DIFFUSION', steps, samples: await scorer.imagine([history], SAMPLES) },
    guidance: items === null ? guidance : null, // DiffRec has no condition to be guided by
  });
  return { imagine: amid(() => scorer.items, imagining), dispose: () => scorer.dispose() };
}

/** Without a diffusion part: the direction in which the trunk looks. */
export function trunkImagination(compute: Pick<Compute, 'compile'>, trunk: StartTrunk): Imagination {
  const reader = trunkStateReader(compute, trunk);
  const imagining = async (history: Int32Array): Promise<Imagining> => ({
    ...{ source: 'TRUNK', steps: null, guidance: null, samples: await reader.read([history]) },
  });
  return { imagine: amid(() => trunkItems(trunk), imagining), dispose: () => reader.dispose() };
}

function amid(
  itemsOf: () => UnitItems,
  imagining: (history: Int32Array) => Promise<Imagining>,
): Imagination['imagine'] {
  // worked out when first asked for, once per opened model: most models are never asked
  let known: { readonly items: UnitItems; readonly usual: Float32Array } | null = null;
  return async (history, request) => {
    if (history.length === 0) return null;
    known ??= around(itemsOf());
    return imaginedItem(await imagining(history), { ...known, ...request });
  };
}

const around = (items: UnitItems) => ({ items, usual: usualDistances(items) });
