import { type FacetIndex, facetIndex, type FacetText } from '../domain/decoding/facet-index.js';
import { generateFacets } from '../domain/decoding/generate-facets.js';
import { type FoundByFacets, itemsByFacets } from '../domain/decoding/items-by-facets.js';
import { type Wish, wordAffinities } from '../domain/decoding/word-affinities.js';
import type { ItemId } from '../domain/ids.js';
import type { CandidateSource } from '../domain/recommendation.js';
import { assertWords } from './assert-words.js';
import { type Asking, openAnswer, type OpenAnswer } from './open-answer.js';
import type { RankingView } from './ranking-view.js';
import type { Recommended, RecommendPorts } from './recommend.js';
import { serveAnswer } from './serve-answer.js';

export interface FacetQuestion extends Omit<Asking, 'includeSeen'> {
  readonly text: string;
  readonly first: number;
}

export interface FoundFacets extends Recommended {
  /** Why each item is there: what was found in which of its strings. */
  readonly found: ReadonlyMap<ItemId, FoundByFacets['found']>;
}

const SNAPSHOT = 200;
/** What a person stated once counts less than what they say now. */
const PROFILE_WEIGHT = 0.3;
/** The ranker orders what the words leave equal; it never lifts an item over one that a whole word more speaks for. */
const RANKER_SHARE = 0.1;

/** Words and stated tastes -> stretches of the catalogue's own titles, topics and attributes -> the items they stand in. */
export async function findByFacets(ports: RecommendPorts, question: FacetQuestion): Promise<FoundFacets> {
  assertWords(question.text, 'text');
  const startedAt = ports.clock.now().getTime();
  const open = await openAnswer(ports, { ...question, includeSeen: true });
  const { items, index } = indexOf(open.view);
  const generated = generateFacets(index, wordAffinities(index, wishesOf(open, question.text)));
  const matched = itemsByFacets(index, generated).flatMap(({ item, score, found }) => {
    const itemId = items[item];
    return itemId !== undefined && open.showable.has(itemId) ? [{ itemId, score, found }] : [];
  });
  const liking = await likingOf(open, matched);
  const most = matched[0]?.score ?? 1;
  const sources: readonly CandidateSource[] = ['CONTENT_SIMILARITY'];
  const entries = matched
    .map(({ itemId, score }) => ({ itemId, score: score / most + RANKER_SHARE * liking(itemId), sources }))
    .sort((a, b) => b.score - a.score)
    .slice(0, SNAPSHOT);
  const served = { surface: 'SEARCH', first: question.first, startedAt, degraded: null, entries } as const;
  const answer = await serveAnswer(ports, open, served);
  return { ...answer, found: new Map(matched.map(({ itemId, found }) => [itemId, found])) };
}

function wishesOf({ signals }: OpenAnswer, text: string): Wish[] {
  const stated = signals.facets.filter(({ weight }) => weight > 0);
  return [
    { text, weight: 1 },
    ...stated.map(({ value, weight }) => ({ text: value, weight: PROFILE_WEIGHT * weight })),
  ];
}

interface Indexed {
  readonly items: readonly ItemId[];
  readonly index: FacetIndex;
}

/** One index per view: it goes when the pool swaps the view for a newer one. */
const indexes = new WeakMap<RankingView, Indexed>();

function indexOf(view: RankingView): Indexed {
  const known = indexes.get(view);
  if (known) return known;
  const items = [...view.items.values()];
  const strings = items.flatMap(({ title, topics, attributes }, item): FacetText[] => [
    { item, attribute: 'title', value: title },
    ...topics.map((value) => ({ item, attribute: 'topic', value })),
    ...Object.entries(attributes).map(([attribute, value]) => ({ item, attribute, value })),
  ]);
  const made = { items: items.map(({ id }) => id), index: facetIndex(strings) };
  indexes.set(view, made);
  return made;
}

/** The ranker's opinion of what was found, on [0, 1]; 0 for what it does not know. */
async function likingOf(
  { view, numbers, context }: OpenAnswer,
  matched: readonly { readonly itemId: ItemId }[],
): Promise<(itemId: ItemId) => number> {
  const known = matched.flatMap(({ itemId }) => view.numberOf.get(itemId) ?? []);
  if (known.length === 0) return () => 0;
  const asked = Int32Array.from(known);
  const [scores = new Float32Array()] = await view.ranker.scoreItems([numbers], asked, [context]);
  const [low, high] = scores.reduce(([l, h], x) => [Math.min(l, x), Math.max(h, x)], [Infinity, -Infinity]);
  const liking = new Map(known.map((number, i) => [number, ((scores[i] ?? 0) - low) / (high - low || 1)]));
  return (itemId) => liking.get(view.numberOf.get(itemId) ?? -1) ?? 0;
}
