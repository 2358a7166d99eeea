import type { Compute } from '../graph/compute.js';
import { type DiffusionModel, trunkItems, type UnitItems } from './diffusion-model.js';
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
  return imaginationOf(scorer.items, async (history) => ({
    ...{ source: 'DIFFUSION', steps, samples: await scorer.imagine([history], SAMPLES) },
    guidance: items === null ? guidance : null, // DiffRec has no condition to be guided by
  }));
}

/** Without a diffusion part: the direction in which the trunk looks. */
export function trunkImagination(compute: Pick<Compute, 'compile'>, trunk: StartTrunk): Imagination {
  const reader = trunkStateReader(compute, trunk);
  const imagination = imaginationOf(trunkItems(trunk), async (history) => ({
    ...{ source: 'TRUNK', steps: null, guidance: null, samples: await reader.read([history]) },
  }));
  return { ...imagination, dispose: () => reader.dispose() };
}

function imaginationOf(
  items: UnitItems,
  imagining: (history: Int32Array) => Promise<Imagining>,
): Imagination {
  let usual: Float32Array | null = null; // worked out when first asked for, once per opened model
  return {
    async imagine(history, request) {
      if (history.length === 0) return null;
      usual ??= usualDistances(items);
      return imaginedItem(await imagining(history), { items, usual, ...request });
    },
    dispose: () => Promise.resolve(),
  };
}
