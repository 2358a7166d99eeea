import type { Compute } from '../graph/compute.js';
import type { TrieMask } from '../semantic-ids/trie-mask.js';
import type { Trie } from '../semantic-ids/trie.js';
import { beamSearch, type FoundItem } from './beam-search.js';
import type { CodeModel } from './code-model.js';
import { decoderRows, type DigitDecoder, digitDecoder } from './digit-decoder.js';
import type { Drafter } from './drafter.js';
import { draftSearch } from './draft-search.js';
import { pathScorer } from './path-scorer.js';

export interface FindRequest {
  /** What the person's state asks of each level. */
  readonly queries: readonly Float32Array[]; // (levels) of (width)
  readonly history: Int32Array;
  readonly few: number;
  readonly mask?: TrieMask | undefined;
}

/** Finds the likeliest items with the model's weights and the trie alone, without looking at the rest of the catalogue. */
export interface ItemFinder {
  find(request: FindRequest): Promise<FoundItem[]>;
  dispose(): Promise<void>;
}

interface Searched {
  readonly model: CodeModel;
  readonly trie: Trie;
}

/** A beam as wide as what is wanted. */
export function beamFinder(compute: Pick<Compute, 'compile'>, { model, trie }: Searched): ItemFinder {
  const { radix } = model.decoder;
  const decoders = new Map<number, DigitDecoder>();
  const decoderFor = (width: number) => {
    const rows = decoderRows(width);
    const known = decoders.get(rows) ?? digitDecoder(compute, model, rows);
    decoders.set(rows, known);
    return known;
  };
  return {
    find({ queries, few, mask }) {
      const logitsOf = decoderFor(few).logitsFor(queries);
      return beamSearch(trie, { width: few, radix, logitsOf, ...(mask && { mask }) });
    },
    async dispose() {
      await Promise.all([...decoders.values()].map((decoder) => decoder.dispose()));
    },
  };
}

/** The exact few, whatever is drafted: a good draft only takes fewer passes. */
export function draftFinder(
  compute: Pick<Compute, 'compile'>,
  { model, trie }: Searched,
  drafter: Drafter,
): ItemFinder {
  const { radix } = model.decoder;
  const scorer = pathScorer(compute, model, trie);
  return {
    async find({ queries, history, few, mask }) {
      const [drafts, scoresOf] = [await drafter(history), scorer.scoresFor(queries)];
      return (await draftSearch(trie, { few, radix, scoresOf, drafts, ...(mask && { mask }) })).found;
    },
    dispose: () => scorer.dispose(),
  };
}
