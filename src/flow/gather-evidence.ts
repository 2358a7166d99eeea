import type { Records } from '../domain/explaining/check-claims.js';
import { contributions } from '../domain/explaining/contributions.js';
import { likelyCauses } from '../domain/explaining/likely-causes.js';
import { K_ANONYMITY_FLOOR, type Fact } from '../domain/explaining/facts.js';
import type { EventId, ItemId } from '../domain/ids.js';
import type { FeedbackEvent } from '../domain/event.js';
import type { Item } from '../domain/item.js';
import type { Facet, Person } from '../domain/person.js';
import { EXPLORATION_RATE } from '../domain/ranking/explore.js';
import { cosine } from '../domain/ranking/steer.js';
import type { HistoryEntry, Served, ServedRequest } from '../domain/recommendation.js';
import { historyContextOf } from './history-context-of.js';
import type { Ports } from './ports.js';
import type { RankerPool, RankingView } from './ranking-view.js';

export type ExplainPorts = Pick<Ports, 'stores' | 'clock' | 'ids'> & { readonly rankers: RankerPool };

export interface EvidenceOf {
  readonly facts: readonly Fact[];
  readonly records: Records;
}

export interface Evidence {
  of(itemId: ItemId): EvidenceOf;
}

/** Older choices than the newest twenty give next to nothing: weights fall with age. */
const LEFT_OUT = 20;
/**
 * Each choice left out is one more history for the sequence models to read. Of a card's strongest cause among twenty (1,313 cards,
 * Beauty), the six that give most to the page by the linear parts hold 94 % (98 % of its share), four 84 %, three 75 %; six by the
 * company that items keep 90 %, eight 96 %. What was not tried is not claimed.
 */
const MOST_CAUSES = 6;
/** A cause must carry at least this share of what the history gave, else it is not why. */
const MIN_CONTRIBUTION = 0.05;
const TREND_DAYS = 7;
const DAY_MS = 86_400_000;
const LATELY = `in the last ${TREND_DAYS} days`;
const EVER = 'so far';

interface World {
  readonly request: ServedRequest;
  readonly places: ReadonlyMap<ItemId, Served>;
  readonly view: RankingView;
  readonly recent: readonly HistoryEntry[];
  readonly events: ReadonlyMap<string, FeedbackEvent>;
  readonly facets: readonly Facet[];
  /** (items) x (recent): share of the score that each entry gave; empty where the ranker does not know the item. */
  readonly shares: ReadonlyMap<ItemId, Float32Array>;
  readonly trends: {
    readonly now: ReadonlyMap<ItemId, number>;
    readonly before: ReadonlyMap<ItemId, number>;
  };
}

/** Collects, for a page at once, the stored facts that can stand behind a reason. Five reads, whatever the page's length. */
export async function gatherEvidence(
  { stores, clock, rankers }: ExplainPorts,
  viewer: Person,
  request: ServedRequest,
  served: readonly Served[],
): Promise<Evidence> {
  const view = await rankers.view(request.catalogueId);
  const recent = request.profiled ? request.history.slice(-LEFT_OUT) : [];
  const [events, facets, trends, shares] = await Promise.all([
    stores.events.byIds(recent.map(({ eventId }) => eventId as EventId)),
    request.profiled ? stores.profiles.facets(viewer.id) : [],
    trendsOf(stores, view, clock.now()),
    sharesOf(view, request, recent, served),
  ]);
  const own = events.filter((event) => event.personId === viewer.id && event.undoneAt === null);
  const places = new Map(served.map((one) => [one.itemId, one]));
  const world: World = {
    ...{ request, places, view },
    recent,
    events: new Map(own.map((event) => [event.id as string, event])),
    facets: facets.filter(({ weight }) => weight > 0),
    shares,
    trends,
  };
  return {
    of(itemId) {
      const item = view.items.get(itemId);
      const place = places.get(itemId);
      if (item === undefined || place === undefined)
        return { facts: [], records: recordsOf(world, null, false) };
      return { facts: factsOf(world, item, place), records: recordsOf(world, item, place.explored) };
    },
  };
}

/** Trends move by the hour: counted once a minute and view, not once a page. */
const TRENDS_FRESH_MS = 60_000;
const counted = new WeakMap<RankingView, { readonly at: number; readonly trends: World['trends'] }>();

async function trendsOf(
  { events }: ExplainPorts['stores'],
  view: RankingView,
  now: Date,
): Promise<World['trends']> {
  const known = counted.get(view);
  if (known !== undefined && now.getTime() - known.at < TRENDS_FRESH_MS) return known.trends;
  const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const [lately, before] = await Promise.all([
    events.wantedCounts(view.catalogueId, ago(TREND_DAYS), now),
    events.wantedCounts(view.catalogueId, ago(2 * TREND_DAYS), ago(TREND_DAYS)),
  ]);
  const trends = { now: lately, before };
  counted.set(view, { at: now.getTime(), trends });
  return trends;
}

async function sharesOf(
  view: RankingView,
  request: ServedRequest,
  recent: readonly HistoryEntry[],
  served: readonly Served[],
): Promise<Map<ItemId, Float32Array>> {
  const known = served.filter(({ itemId, explored }) => !explored && view.numberOf.has(itemId));
  const entries = request.history.filter(({ itemId }) => view.numberOf.has(itemId));
  const tried = entries.slice(-LEFT_OUT);
  if (known.length === 0 || recent.length === 0 || tried.length === 0) return new Map();
  const numbersOf = (some: readonly { readonly itemId: ItemId }[]) =>
    Int32Array.from(some, ({ itemId }) => view.numberOf.get(itemId) ?? 0);
  const items = numbersOf(known);
  const context = historyContextOf(entries, request.createdAt);
  const placesOf = (some: Iterable<number>) =>
    Array.from(some, (place) => entries.length - tried.length + place);
  const asked = { history: numbersOf(entries), items, context };
  const [whole = new Float32Array(), , ...without] = await view.ranker.scoreLinearWithout({
    ...asked,
    places: placesOf(tried.keys()),
  });
  const gains = without.map((row) => row.map((score, i) => (whole[i] as number) - score));
  const areKnown = gains.some((row) => row.some((gain) => gain > 0));
  const likely = likelyCauses(areKnown ? gains : resemblances(view, tried, known), MOST_CAUSES);
  const rows = contributions(await view.ranker.scoreWithout({ ...asked, places: placesOf(likely) }));
  const placeOf = new Map(likely.map((place, i) => [tried[place]?.eventId, i]));
  const causes = recent.map(({ eventId }) => placeOf.get(eventId));
  return new Map(
    known.map(({ itemId }, i) => [
      itemId,
      Float32Array.from(causes, (cause) => (cause === undefined ? 0 : (rows[i]?.[cause] ?? 0))),
    ]),
  );
}

/** How much a choice weighs beside the one after it, as the linear parts have it. */
const FADING = 0.9;

/** The company that entries and items keep, and the likeness of their words, the newest in full: (entries) x (items). */
function resemblances(
  { ranker, numberOf, vectors }: RankingView,
  entries: readonly HistoryEntry[],
  served: readonly Served[],
): Float32Array[] {
  return entries.map((entry, place) => {
    const own = numberOf.get(entry.itemId) ?? 0;
    const weight = FADING ** (entries.length - 1 - place);
    return Float32Array.from(served, ({ itemId }) => {
      const other = numberOf.get(itemId) ?? 0;
      const both = Math.sqrt(ranker.support(own) * ranker.support(other));
      const company = both === 0 ? 0 : ranker.neighbours(own, other) / both;
      return weight * (company + cosine(vectors.get(entry.itemId) ?? null, vectors.get(itemId) ?? null));
    });
  });
}

function factsOf(world: World, item: Item, { explored }: Served): Fact[] {
  if (explored) return [{ kind: 'EXPLORATION', policy: 'epsilon-greedy', rate: EXPLORATION_RATE }];
  const causes = causesOf(world, item);
  return [
    ...requestOf(world, item.id).map((asked) => ({ kind: 'REQUEST' as const, ...asked })),
    ...causes,
    ...preferencesOf(world, item),
    ...attributesOf(world, item),
    ...neighboursOf(world, item, causes),
    ...trendOf(world, item),
  ];
}

/** The words of the request, without the marks that a quotation ends with, where the item was placed near to them. */
function requestOf({ request, places }: World, itemId: ItemId): { words: string; nearness: number }[] {
  const nearness = places.get(itemId)?.nearness;
  if (!request.request || nearness === undefined) return [];
  return [{ words: request.request.replaceAll(/[“”]/g, '"'), nearness }];
}

function causesOf(world: World, item: Item): Extract<Fact, { kind: 'INTERACTION' }>[] {
  const shares = world.shares.get(item.id);
  if (shares === undefined) return [];
  return world.recent
    .flatMap(({ eventId, itemId }, j) => {
      const event = world.events.get(eventId);
      const title = world.view.items.get(itemId)?.title;
      const contribution = shares[j] ?? 0;
      if (event === undefined || title === undefined || contribution < MIN_CONTRIBUTION) return [];
      return [{ kind: 'INTERACTION' as const, eventId, itemId, title, did: event.type, contribution }];
    })
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, 2);
}

function preferencesOf({ facets }: World, item: Item): Fact[] {
  return facets
    .filter(({ attribute, value }) => has(item, attribute, value))
    .slice(0, 2)
    .map(({ id, attribute, value }) => ({ kind: 'PREFERENCE', facetId: id, attribute, value }));
}

/** What the item shares with at least a fifth, and at least two, of the person's recent choices; the most frequent first. */
function attributesOf(world: World, item: Item): Fact[] {
  const named = Object.entries(item.attributes);
  const pairs = [...item.topics.map((topic) => ['topic', topic] as const), ...named];
  return pairs
    .map(([attribute, value]) => ({ attribute, value, ...countAmong(world, attribute, value) }))
    .filter(({ times, outOf }) => times >= 2 && times * 5 >= outOf)
    .sort((a, b) => b.times - a.times)
    .slice(0, 2)
    .map((one) => ({ kind: 'ATTRIBUTE', itemId: item.id, ...one }));
}

function neighboursOf(
  { view }: World,
  item: Item,
  causes: readonly { readonly itemId: string; readonly title: string }[],
): Fact[] {
  const number = view.numberOf.get(item.id);
  if (number === undefined) return [];
  return causes.flatMap(({ itemId, title }) => {
    const cause = view.numberOf.get(itemId);
    if (cause === undefined) return [];
    const cohortSize = view.ranker.neighbours(cause, number);
    if (cohortSize < K_ANONYMITY_FLOOR) return [];
    const overlap = cohortSize / Math.max(1, view.ranker.support(cause));
    return [{ kind: 'NEIGHBOUR' as const, itemId, title, cohortSize, overlap }];
  });
}

/** Lately if enough people chose it lately, else ever: only what the ranker counted, never fewer than hide one another. */
function trendOf(world: World, item: Item): Fact[] {
  return [LATELY, EVER]
    .map((window) => ({ window, count: trendCount(world, item, window) }))
    .filter(({ count }) => count >= K_ANONYMITY_FLOOR)
    .slice(0, 1)
    .map(({ window, count }) => ({ kind: 'TREND', window, count, change: changeOf(world, item, window) }));
}

function trendCount({ view, trends }: World, item: Item, window: string): number {
  const number = view.numberOf.get(item.id);
  if (window === LATELY) return trends.now.get(item.id) ?? 0;
  return window === EVER && number !== undefined ? view.ranker.support(number) : 0;
}

/** Growth over the window before; 0 where there is none. */
function changeOf({ trends }: World, item: Item, window: string): number {
  if (window !== LATELY) return 0;
  return (trends.now.get(item.id) ?? 0) / Math.max(1, trends.before.get(item.id) ?? 0) - 1;
}

function has(item: Item, attribute: string, value: string): boolean {
  return attribute === 'topic' ? item.topics.includes(value) : item.attributes[attribute] === value;
}

function countAmong(
  { view, recent }: World,
  attribute: string,
  value: string,
): { times: number; outOf: number } {
  const items = recent.flatMap(({ itemId }) => view.items.get(itemId) ?? []);
  return { times: items.filter((item) => has(item, attribute, value)).length, outOf: items.length };
}

/** The checker's own way to the facts: stored rows, not the facts that were handed to the writer. */
function recordsOf(world: World, item: Item | null, explored: boolean): Records {
  const { view, events, facets } = world;
  const number = item === null ? undefined : view.numberOf.get(item.id);
  const shares = item === null ? undefined : world.shares.get(item.id);
  return {
    titleOfItem: (itemId) => view.items.get(itemId as ItemId)?.title ?? null,
    itemOfEvent: (eventId) => events.get(eventId)?.itemId ?? null,
    hasAttribute: (itemId, attribute, value) => {
      const known = view.items.get(itemId as ItemId);
      return known !== undefined && has(known, attribute, value);
    },
    hasFacet: (facetId, value) => facets.some((facet) => facet.id === facetId && facet.value === value),
    countOfAttribute: (attribute, value) => countAmong(world, attribute, value),
    contributionOfEvent: (eventId) =>
      shares?.[world.recent.findIndex((entry) => entry.eventId === eventId)] ?? null,
    cohortSize: (cause) => {
      const causeNumber = view.numberOf.get(cause);
      return causeNumber === undefined || number === undefined
        ? 0
        : view.ranker.neighbours(causeNumber, number);
    },
    trendCount: (window) => (item === null ? 0 : trendCount(world, item, window)),
    wasExplored: () => explored,
    request: () => (item === null ? null : (requestOf(world, item.id)[0] ?? null)),
  };
}
