import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type PictureManifest,
  type PictureModel,
  type PictureWeights,
  packModel,
  unpackModel,
} from '../../../domain/imaging/picture-model.js';

const count = z.int().positive();
/** Sizes of the denoiser as files tell them. */
export const denoiserShape = z.object({
  tokens: count,
  k: count,
  width: count,
  layers: count,
  heads: count,
  dimensions: count,
  bag: count,
  units: count,
  palette: count,
});

const Manifest = z.object({
  name: z.string(),
  version: count,
  encoder: z.string(),
  width: count,
  denoiser: denoiserShape,
  vocabulary: z.object({
    words: z.array(z.string()),
    phrases: z.array(z.string()),
    styles: z.array(z.string()),
  }),
  training: z.record(z.string(), z.unknown()),
});

/** Reads `model.json`, `weights.bin` and `drawings.bin` of a folder, e.g. `assets/image-model`. */
export async function readImageModel(folder: string): Promise<PictureModel> {
  const [manifest, weights, drawings] = await Promise.all([
    readFile(join(folder, 'model.json'), 'utf8'),
    readFile(join(folder, 'weights.bin')),
    readFile(join(folder, 'drawings.bin')),
  ]);
  return unpackModel(Manifest.parse(JSON.parse(manifest)), weights, drawings);
}

/** Writes all three files, each under another name first, so that a stop half-way leaves the old model whole. */
export async function writeImageModel(
  folder: string,
  manifest: PictureManifest,
  parts: PictureWeights & Pick<PictureModel, 'fingerprints'>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replace(join(folder, 'weights.bin'), packModel(parts));
  await replace(join(folder, 'drawings.bin'), parts.fingerprints);
  await replace(join(folder, 'model.json'), `${JSON.stringify(manifest, null, 1)}\n`);
}

async function replace(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}
