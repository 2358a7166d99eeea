import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Compute } from '../../src/domain/graph/compute.js';
import { Graph } from '../../src/domain/graph/graph.js';
import { withoutPrefix } from '../../src/domain/imaging/picture-model.js';
import { toPlanes } from '../../src/domain/imaging/pixels.js';
import { unpackWeights } from '../../src/domain/imaging/weights-file.js';
import { classifierModel } from '../accelerator/parity.js';

export interface Judgement {
  readonly group: string;
  readonly features: Float32Array; // (64)
}

export interface PictureJudge {
  /** Its accuracy on art that it did not learn from: what no generator can be asked to pass by much. */
  readonly heldOut: number;
  judge(pixels: Uint8Array): Promise<Judgement>;
}

/** The independent classifier, trained on the art alone; it has no part in making pictures. Pixels are RGB, 64 x 64. */
export async function openJudge(compute: Compute, folder = 'bench/judge'): Promise<PictureJudge> {
  const facts = JSON.parse(await readFile(join(folder, 'judge.json'), 'utf8')) as {
    groups: string[];
    accuracy: { heldOut: number };
  };
  const weights = withoutPrefix('classifier', unpackWeights(await readFile(join(folder, 'weights.bin'))));
  const graph = new Graph();
  classifierModel(graph, 1, facts.groups.length);
  const model = await compute.loadOnnx(compute.exportOnnx(graph, weights));
  return {
    heldOut: facts.accuracy.heldOut,
    async judge(pixels) {
      const made = await model.run({ x: toPlanes(pixels) });
      const [features, scores] = [made['features'] as Float32Array, made['scores'] as Float32Array];
      return {
        group: facts.groups[scores.indexOf(Math.max(...scores))] ?? '',
        features: Float32Array.from(features),
      };
    },
  };
}
