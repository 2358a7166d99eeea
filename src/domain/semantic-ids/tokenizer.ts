import { DomainError } from '../errors.js';
import { type Random } from '../random.js';
import type { ItemSpace } from './item-space.js';
import { assignPlainIds, plainDigitsFor, type PlainDigits } from './plain-ids.js';
import { assignProductIds, type ProductBooks, trainProductBooks } from './product-codes.js';
import {
  assignSemanticIds,
  type Codebooks,
  codesFor,
  type SemanticIds,
  trainCodebooks,
} from './residual-kmeans.js';
import { assignTextIds, learnWordBooks, type WordBooks } from './text-ids.js';
import { scaleRows, tasteScale } from './taste-scale.js';

export const TOKENIZER_NAMES = ['residual', 'product', 'collaborative', 'plain', 'text'] as const;
export type TokenizerName = (typeof TOKENIZER_NAMES)[number];

/** How items become codes, as plain data that is stored with the ranker: later items are given theirs with it. */
export type Tokenizer =
  | { readonly kind: 'residual'; readonly books: Codebooks }
  | { readonly kind: 'collaborative'; readonly books: Codebooks; readonly scale: Float32Array }
  | { readonly kind: 'product'; readonly books: ProductBooks }
  | { readonly kind: 'plain'; readonly digits: PlainDigits }
  | { readonly kind: 'text'; readonly books: WordBooks };

/** What codes are made from: a row of vectors and a text per item, and who chooses first. */
export interface ToTokenize {
  readonly vectors: Float32Array;
  readonly texts?: readonly string[] | undefined;
  readonly order: Int32Array;
}

export function learnTokenizer(
  kind: TokenizerName,
  { space, texts }: { readonly space: ItemSpace; readonly texts?: readonly string[] | undefined },
  random: Random,
): Tokenizer {
  const { size, vectors, itemCount } = space;
  const options = { size, codes: codesFor(itemCount), random };
  switch (kind) {
    case 'residual':
      return { kind, books: trainCodebooks(vectors, options) };
    case 'collaborative': {
      const scale = tasteScale(space);
      return {
        kind,
        scale,
        books: trainCodebooks(scaleRows(vectors, scale), { ...options, isBalanced: true }),
      };
    }
    case 'product':
      return { kind, books: trainProductBooks(vectors, options) };
    case 'plain':
      return { kind, digits: plainDigitsFor(itemCount) };
    case 'text':
      return { kind, books: learnWordBooks(wordsWanted(texts)) };
  }
}

/** Codes for items; those in `taken` stay in front, as they are. */
export function tokenize(
  tokenizer: Tokenizer,
  { vectors, texts, order }: ToTokenize,
  taken?: SemanticIds,
): SemanticIds {
  switch (tokenizer.kind) {
    case 'residual':
      return assignSemanticIds(tokenizer.books, vectors, order, taken);
    case 'collaborative':
      return assignSemanticIds(tokenizer.books, scaleRows(vectors, tokenizer.scale), order, taken);
    case 'product':
      return assignProductIds(tokenizer.books, vectors, order, taken);
    case 'plain':
      return assignPlainIds(tokenizer.digits, order.length, taken);
    case 'text':
      return assignTextIds(tokenizer.books, wordsWanted(texts), order, taken);
  }
}

/** Digits that say something of the item; the last one of codes with numbers only tells apart who shares the rest. */
export function semanticLevels({ kind }: Tokenizer, { levels }: SemanticIds): number {
  return kind === 'product' || kind === 'plain' ? levels : levels - 1;
}

/** Whether codes are learned by clustering, and so can collapse. */
export function isLearned({ kind }: Tokenizer): boolean {
  return kind === 'residual' || kind === 'collaborative' || kind === 'product';
}

/** All positions are predicted at once, not digit after digit. */
export function isParallel({ kind }: Tokenizer): boolean {
  return kind === 'product';
}

function wordsWanted(texts: readonly string[] | undefined): readonly string[] {
  if (texts?.some((text) => text !== '') === true) return texts;
  throw new DomainError('INVALID_INPUT', 'text ids are made of titles and topics; the catalogue has none');
}
