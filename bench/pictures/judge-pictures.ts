import { COPY } from '../../src/domain/imaging/fingerprint.js';
import type { TrainingArt } from '../../src/domain/imaging/concept.js';
import { frechetDistance } from './frechet-distance.js';
import { nearestDrawing } from './nearest-drawing.js';
import type { PictureJudge } from './picture-judge.js';
import type { TrialIdea } from './trial-ideas.js';

export interface PictureFigures {
  readonly pictures: number;
  /** Share of pictures in which the judge sees the asked group. */
  readonly agreement: number;
  /** To the art's features, all drawings of all styles. */
  readonly frechet: number;
  /** Share nearer than `COPY` to a drawing. */
  readonly nearCopies: number;
  readonly nearestDistance: number;
}

export interface Shown {
  readonly art: TrainingArt;
  /** (drawings): the judge's features of the art. */
  readonly features: readonly Float32Array[];
}

export async function featuresOfArt(judge: PictureJudge, { drawings }: TrainingArt): Promise<Float32Array[]> {
  const features = [];
  for (const { pixels } of drawings) features.push((await judge.judge(pixels)).features);
  return features;
}

/** What the judge says of pictures (RGB, 64 x 64, in the order of the ideas). */
export async function judgePictures(
  judge: PictureJudge,
  pictures: readonly Uint8Array[],
  { ideas, art, features }: Shown & { readonly ideas: readonly TrialIdea[] },
): Promise<PictureFigures> {
  const seen = [];
  for (const pixels of pictures) seen.push(await judge.judge(pixels));
  const drawings = art.drawings.map(({ pixels }) => pixels);
  const distances = pictures.map((pixels) => nearestDrawing(pixels, drawings, art.width).distance);
  const share = (flags: readonly boolean[]) => flags.filter(Boolean).length / flags.length;
  return {
    pictures: pictures.length,
    agreement: share(seen.map(({ group }, i) => group === ideas[i]?.concept.group)),
    frechet: frechetDistance(
      seen.map(({ features }) => features),
      features,
    ),
    nearCopies: share(distances.map((distance) => distance < COPY)),
    nearestDistance: distances.reduce((sum, distance) => sum + distance, 0) / distances.length,
  };
}
