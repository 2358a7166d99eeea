import { trainImages } from '../flow/train-images.js';
import type { Deps } from '../wire.js';
import { progress } from './progress.js';

/** `npm run train:images`: trains the built-in picture model on the demo art, from its last checkpoint if there is one. */
export async function trainImagesCommand(
  deps: Deps,
  options: { readonly steps?: number; readonly folder: string },
  signal: AbortSignal,
): Promise<void> {
  const bar = progress();
  await trainImages(deps.ports, {
    ...options,
    signal,
    onProgress: (stage, done, total) => bar.show(stage, done, total),
  });
  bar.end();
}
