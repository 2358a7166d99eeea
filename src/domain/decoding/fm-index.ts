import { suffixArray } from './suffix-array.js';

/** All places where one pattern stands: a range of the sorted suffixes, and how long the pattern is. */
export interface Matches {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

/** Says of any pattern how often and where it stands in a text, without reading the text (Ferragina & Manzini 2000). */
export interface FmIndex {
  /** The empty pattern, which stands everywhere. */
  readonly everywhere: Matches;
  /** The pattern with one more symbol at its end; an empty range where that never occurs. */
  extend(matches: Matches, symbol: number): Matches;
  /** Where each match starts, in no particular order. */
  positions(matches: Matches): Int32Array;
  /** How often a symbol occurs. */
  count(symbol: number): number;
}

/**
 * The index of the reversed text, so that backward search makes a pattern longer at its end, which is how text is generated.
 * Symbols are words, so the alphabet is large: instead of a wavelet tree, rank(c, i) is a binary search among the places of c in
 * the Burrows-Wheeler transform. 8 bytes a symbol of text, and 4 a symbol of the alphabet.
 */
export function fmIndex(text: Int32Array, symbols: number): FmIndex {
  const n = text.length;
  const rows = sortedRows(text, symbols);
  const first = new Int32Array(symbols + 1); // C of the paper: how many symbols of the text are smaller
  for (const symbol of text) first[symbol + 1] = (first[symbol + 1] as number) + 1;
  for (let c = 0; c < symbols; c++) first[c + 1] = (first[c + 1] as number) + (first[c] as number);
  const places = placesOf(text, rows, first);
  const rank = (symbol: number, row: number): number => {
    let [low, high] = [first[symbol] as number, first[symbol + 1] as number];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[middle] as number) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    everywhere: { from: 0, to: n + 1, length: 0 },
    extend: ({ from, to, length }, symbol) => ({
      from: 1 + rank(symbol, from), // row 0 is the empty suffix
      to: 1 + rank(symbol, to),
      length: length + 1,
    }),
    positions: ({ from, to, length }) => rows.subarray(from, to).map((reversed) => n - length - reversed),
    count: (symbol) => (first[symbol + 1] as number) - (first[symbol] as number),
  };
}

/** The suffixes of the reversed text in order, the empty one first. */
function sortedRows(text: Int32Array, symbols: number): Int32Array {
  const rows = new Int32Array(text.length + 1);
  rows[0] = text.length;
  rows.set(suffixArray(text.slice().reverse(), symbols), 1);
  return rows;
}

/** By symbol, the rows whose suffix it precedes, ascending; symbol c has first[c] .. first[c + 1]. */
function placesOf(text: Int32Array, rows: Int32Array, first: Int32Array): Int32Array {
  const n = text.length;
  const next = first.slice();
  const places = new Int32Array(n);
  rows.forEach((reversed, row) => {
    if (reversed === 0) return; // nothing precedes the whole text
    const symbol = text[n - reversed] as number; // the reversed text at reversed - 1
    const at = next[symbol] as number;
    places[at] = row;
    next[symbol] = at + 1;
  });
  return places;
}
