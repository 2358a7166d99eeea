import type { PictureFormat } from './media.js';
import { sha256 } from './sha256.js';
import type { Recipe } from './work.js';

/** IPTC's word for "a trained model made this": what Art. 50 of the EU AI Act asks for in machine-readable form. */
export const TRAINED_ALGORITHMIC_MEDIA =
  'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia';

/** What is the same for a picture in every size and format. */
export interface PictureOrigin {
  readonly provider: string;
  /** With its version, as the provider names it. */
  readonly model: string;
  /** See `recipeDigest`. */
  readonly recipe: string;
  /** When it was made, in ISO 8601. */
  readonly madeAt: string;
}

/** What we sign of one picture file: the file's own hash, and where the picture comes from. */
export interface PictureManifest extends PictureOrigin {
  readonly v: 1;
  /** SHA-256 in hex of the file with zeros where this manifest stands in it. */
  readonly contentHash: string;
  /** The original that this file is a size or format of; null in the original itself. */
  readonly original: string | null;
  readonly format: PictureFormat;
  /** In pixels. */
  readonly width: number;
  readonly digitalSourceType: typeof TRAINED_ALGORITHMIC_MEDIA;
}

/**
 * SHA-256 in hex of what anybody may know of a recipe. The words, the tastes and the items that they came from stay out, salted or not:
 * a file that is passed on must not let its finder try out guesses about them.
 */
export function recipeDigest(recipe: Omit<Recipe, 'prompt' | 'facets' | 'nearest'>): string {
  const { seed, steps, guidance, width, height, style, strength, provider, model } = recipe;
  const hash = sha256();
  const text = JSON.stringify([seed, steps, guidance, width, height, style, strength, provider, model]);
  hash.update(Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff));
  return hash.digest();
}
