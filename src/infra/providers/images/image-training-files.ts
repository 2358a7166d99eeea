import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageTrainingFiles } from '../../../flow/ports/image-training.js';
import { readTrainingArt } from '../../demo/art-pixels.js';
import { writeImageModel } from './image-model-files.js';

/** The demo art, a folder of checkpoints, and the folder of the shipped model. */
export function createImageTrainingFiles(modelFolder: string): ImageTrainingFiles {
  return {
    art: readTrainingArt,
    async read(folder, name) {
      try {
        return await readFile(join(folder, name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    async write(folder, name, bytes) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, `${name}.new`), bytes); // a stop half-way leaves the old checkpoint whole
      await rename(join(folder, `${name}.new`), join(folder, name));
    },
    saveModel: (manifest, parts) => writeImageModel(modelFolder, manifest, parts),
  };
}
