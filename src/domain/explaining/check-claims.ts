import type { Claim, Evidence } from '../recommendation.js';
import { K_ANONYMITY_FLOOR } from './facts.js';
import type { Reason } from './write-reason.js';

/**
 * What the store says now about the evidence of a claim; null where there is no such row, or it is not the viewer's.
 * The checker asks this itself and does not trust what the writer was given.
 */
export interface Records {
  readonly titleOfItem: (itemId: string) => string | null;
  /** The item of the viewer's own event that still stands (not undone). */
  readonly itemOfEvent: (eventId: string) => string | null;
  readonly hasAttribute: (itemId: string, attribute: string, value: string) => boolean;
  readonly hasFacet: (facetId: string, value: string) => boolean;
  /** Numbers that may be said about this recommendation beside those in the evidence, e.g. counts over the viewer's history. */
  readonly countOfAttribute: (
    attribute: string,
    value: string,
  ) => { readonly times: number; readonly outOf: number } | null;
  readonly contributionOfEvent: (eventId: string) => number | null;
  /** People who wanted both the cause and the explained item. */
  readonly cohortSize: (causeItemId: string) => number;
  /** People who wanted the explained item in the window. */
  readonly trendCount: (window: string) => number;
  /** Whether the place was given to chance. */
  readonly wasExplored: () => boolean;
  /** The words that the answer was asked for with, and how near the item was to them; null where it was not near, or nothing was asked. */
  readonly request: () => { readonly words: string; readonly nearness: number } | null;
}

/**
 * Drops every claim that its evidence does not carry: titles in “quotes”, numbers and values in the sentence must all be
 * found in the records behind the evidence. It reads the finished text, so it holds any writer, a language model included.
 */
export function checkClaims(
  { claims }: Reason,
  records: Records,
): Reason & { readonly groundedShare: number; readonly dropped: number } {
  const kept = claims.filter((claim) => isGrounded(claim, records));
  let text = '';
  const placed = kept.map((claim) => {
    const start = text === '' ? 0 : text.length + 1;
    text = text === '' ? claim.text : `${text} ${claim.text}`;
    return { ...claim, start, end: start + claim.text.length };
  });
  return { text, claims: placed, groundedShare: 1, dropped: claims.length - kept.length };
}

function isGrounded({ text, evidence }: Claim, records: Records): boolean {
  if (evidence.length === 0) return false;
  const supports = evidence.map((one) => supportOf(one, records));
  if (supports.some((support) => support === null)) return false;
  const words = new Set(supports.flatMap((support) => support?.words ?? []));
  const numbers = new Set(supports.flatMap((support) => support?.numbers ?? []));
  const quoted = [...text.matchAll(/“([^”]*)”/g)].map(([, title]) => title ?? '');
  const bare = text.replaceAll(/“[^”]*”/g, '');
  const withoutWords = [...words].reduce((rest, word) => rest.replaceAll(word, ''), bare);
  const said = [...withoutWords.matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
  return quoted.every((title) => words.has(title)) && said.every((number) => numbers.has(number));
}

interface Support {
  readonly words: readonly string[];
  readonly numbers: readonly number[];
}

type Supports = {
  readonly [K in Evidence['kind']]: (
    evidence: Extract<Evidence, { kind: K }>,
    records: Records,
  ) => Support | null;
};

/** What the records allow to be said, per kind of evidence; null: they do not carry it. */
const SUPPORT: Supports = {
  INTERACTION({ eventId, itemId }, records) {
    const title = records.titleOfItem(itemId);
    if (title === null || records.itemOfEvent(eventId) !== itemId) return null;
    const contribution = records.contributionOfEvent(eventId);
    return { words: [title], numbers: contribution === null ? [] : [Math.round(contribution * 100)] };
  },
  NEIGHBOUR({ itemId, cohortSize }, records) {
    const title = records.titleOfItem(itemId);
    if (title === null || cohortSize < K_ANONYMITY_FLOOR) return null;
    return records.cohortSize(itemId) === cohortSize ? { words: [title], numbers: [cohortSize] } : null;
  },
  ATTRIBUTE({ itemId, attribute, value }, records) {
    if (!records.hasAttribute(itemId, attribute, value)) return null;
    const count = records.countOfAttribute(attribute, value);
    return { words: [value], numbers: count === null ? [] : [count.times, count.outOf] };
  },
  PREFERENCE: ({ facetId, value }, records) =>
    records.hasFacet(facetId, value) ? { words: [value], numbers: [] } : null,
  TREND({ window, count }, records) {
    if (count < K_ANONYMITY_FLOOR || records.trendCount(window) !== count) return null;
    return { words: [window], numbers: [count] };
  },
  EXPLORATION: ({ rate }, records) =>
    records.wasExplored() ? { words: [], numbers: [Math.round(rate * 100), 100] } : null,
  REQUEST({ words, nearness }, records) {
    const stored = records.request();
    return stored?.words === words && stored.nearness === nearness ? { words: [words], numbers: [] } : null;
  },
};

function supportOf(evidence: Evidence, records: Records): Support | null {
  return SUPPORT[evidence.kind](evidence as never, records);
}
