import type { Values } from '../graph/compute.js';
import { bagLayout, type BagLayout } from './condition.js';
import type { DenoiserShape } from './denoiser.js';
import type { PatchBasis } from './patch-basis.js';
import type { Vocabulary } from './vocabulary.js';
import { packWeights, unpackWeights } from './weights-file.js';

/** Everything needed to make pictures, as it is shipped: a manifest in JSON and one file of weights. */
export interface PictureModel {
  readonly manifest: PictureManifest;
  readonly layout: BagLayout;
  readonly basis: PatchBasis;
  readonly denoiser: Values;
  readonly enlarger: Values;
}

export interface PictureManifest {
  readonly name: string;
  readonly version: number;
  /** The encoder whose vector space the condition lives in. */
  readonly encoder: string;
  readonly width: number;
  readonly patch: number;
  readonly denoiser: DenoiserShape;
  readonly vocabulary: Vocabulary;
  /** What the model card says: data, steps, seed, metrics. */
  readonly training: Readonly<Record<string, unknown>>;
}

/** `denoiser/…`, `enlarger/…` and `basis/…` in one file of 16-bit floats. */
export function packModel({
  basis,
  denoiser,
  enlarger,
}: Omit<PictureModel, 'manifest' | 'layout'>): Uint8Array {
  return packWeights({
    ...prefixed('denoiser', denoiser),
    ...prefixed('enlarger', enlarger),
    'basis/mean': basis.mean,
    'basis/axes': basis.axes,
    'basis/deviation': basis.deviation,
  });
}

export function unpackModel(manifest: PictureManifest, file: Uint8Array): PictureModel {
  const weights = unpackWeights(file);
  const need = (name: string) => {
    const values = weights[name];
    if (!values) throw new Error(`the weights file lacks ${name}`);
    return values;
  };
  return {
    manifest,
    layout: bagLayout(manifest.vocabulary),
    basis: {
      patch: manifest.patch,
      k: manifest.denoiser.k,
      mean: need('basis/mean'),
      axes: need('basis/axes'),
      deviation: need('basis/deviation'),
    },
    denoiser: withoutPrefix('denoiser', weights),
    enlarger: withoutPrefix('enlarger', weights),
  };
}

function prefixed(prefix: string, values: Values): Record<string, Float32Array> {
  const entries = Object.entries(values).map(
    ([name, data]) => [`${prefix}/${name}`, Float32Array.from(data)] as const,
  );
  return Object.fromEntries(entries);
}

function withoutPrefix(prefix: string, weights: Readonly<Record<string, Float32Array>>): Values {
  const start = `${prefix}/`;
  return Object.fromEntries(
    Object.entries(weights).flatMap(([name, data]) =>
      name.startsWith(start) ? [[name.slice(start.length), data]] : [],
    ),
  );
}
