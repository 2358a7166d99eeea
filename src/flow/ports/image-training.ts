import type { TrainingArt } from '../../domain/imaging/concept.js';
import type { PictureManifest, PictureModel, PictureWeights } from '../../domain/imaging/picture-model.js';

/** What training the picture model reads and writes outside the database. */
export interface ImageTrainingFiles {
  /** The training art, rasterised on white. */
  art(width: number): Promise<TrainingArt>;
  /** A file of a run's folder; null where there is none yet. */
  read(folder: string, name: string): Promise<Uint8Array | null>;
  write(folder: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Replaces the shipped model. */
  saveModel(
    manifest: PictureManifest,
    parts: PictureWeights & Pick<PictureModel, 'fingerprints'>,
  ): Promise<void>;
}
