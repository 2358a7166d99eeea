import type { Values } from '../graph/compute.js';
import { bagLayout, type BagLayout } from './condition.js';
import type { DenoiserShape } from './denoiser.js';
import type { Vocabulary } from './vocabulary.js';
import { packWeights, unpackWeights } from './weights-file.js';

/** Everything needed to make pictures, as it is shipped: a manifest in JSON, one file of weights, one of fingerprints. */
export interface PictureModel {
  readonly manifest: PictureManifest;
  readonly layout: BagLayout;
  readonly denoiser: Values;
  readonly sharpener: Values;
  /** (drawings, FINGERPRINT): what new pictures may not come too near to. */
  readonly fingerprints: Uint8Array;
}

/** What `packModel` writes beside the manifest. */
export type PictureWeights = Pick<PictureModel, 'denoiser' | 'sharpener'>;

export interface PictureManifest {
  readonly name: string;
  readonly version: number;
  /** The encoder whose vector space the condition lives in. */
  readonly encoder: string;
  readonly width: number;
  readonly denoiser: DenoiserShape;
  readonly vocabulary: Vocabulary;
  /** What the model card says: data, steps, seed, metrics. */
  readonly training: Readonly<Record<string, unknown>>;
}

/** `denoiser/…` and `sharpener/…` in one file of 16-bit floats. */
export function packModel({ denoiser, sharpener }: PictureWeights): Uint8Array {
  return packWeights({ ...prefixed('denoiser', denoiser), ...prefixed('sharpener', sharpener) });
}

export function unpackModel(
  manifest: PictureManifest,
  file: Uint8Array,
  fingerprints: Uint8Array,
): PictureModel {
  const weights = unpackWeights(file);
  return {
    manifest,
    layout: bagLayout(manifest.vocabulary),
    denoiser: withoutPrefix('denoiser', weights),
    sharpener: withoutPrefix('sharpener', weights),
    fingerprints,
  };
}

function prefixed(prefix: string, values: Values): Record<string, Float32Array> {
  const entries = Object.entries(values).map(
    ([name, data]) => [`${prefix}/${name}`, Float32Array.from(data)] as const,
  );
  return Object.fromEntries(entries);
}

/** Those of one network, by the names that its graph uses. */
export function withoutPrefix(prefix: string, weights: Readonly<Record<string, Float32Array>>): Values {
  const start = `${prefix}/`;
  const own = Object.entries(weights).filter(([name]) => name.startsWith(start));
  if (own.length === 0) throw new Error(`the weights file lacks the ${prefix}`);
  return Object.fromEntries(own.map(([name, data]) => [name.slice(start.length), data]));
}
