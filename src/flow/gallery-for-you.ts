import { DomainError } from '../domain/errors.js';
import type { ItemId, RequestId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Person } from '../domain/person.js';
import { diversify } from '../domain/ranking/diversify.js';
import { cosine, steer } from '../domain/ranking/steer.js';
import type { CandidateSource, Served, ServedRequest } from '../domain/recommendation.js';
import type { GalleryFilter } from './ports/gallery-stores.js';
import { firstCatalogue, type RecommendPorts } from './recommend.js';
import type { RankingView } from './ranking-view.js';
import { assertFilter } from './search-gallery.js';
import { viewerSignals, type ViewerSignals } from './viewer-signals.js';
import { visibleItems } from './visible-items.js';

interface ForYouInput {
  readonly viewer: Person;
  readonly filter: GalleryFilter;
  /** Continue this answer's snapshot. */
  readonly requestId: RequestId | null;
  readonly first: number;
  readonly afterPosition: number | null;
}

export interface ForYouPage {
  readonly request: ServedRequest;
  readonly items: readonly { readonly item: Item; readonly served: Served }[];
  readonly hasNext: boolean;
  /** The view that reasons are made from: with the works themselves, of which the ranker knows only the public ones. */
  readonly view: RankingView;
}

/** The newest that match are ordered; further down nothing is personal any more. */
const CANDIDATES = 300;
/** What was wanted lately says what is wanted now. */
const RECENT = 20;

/**
 * A gallery in the order of one person's tastes: what the ranker thinks of those it knows, resemblance of all to what was
 * wanted lately, then stated tastes and "more/less like this" as in the feed. A stored snapshot, so that it scrolls stably.
 */
export async function galleryForYou(ports: RecommendPorts, input: ForYouInput): Promise<ForYouPage> {
  const { viewer, filter, first, afterPosition } = input;
  const request =
    input.requestId === null ? await order(ports, viewer, filter) : await continued(ports, input);
  const from = afterPosition === null ? 0 : afterPosition + 1;
  const page = request.entries.slice(from, from + first);
  const visible = await visibleItems(
    ports,
    viewer,
    page.map(({ itemId }) => itemId),
  );
  const view = await ports.rankers.view(request.catalogueId);
  return {
    request,
    items: page.flatMap((served) => {
      const item = visible.get(served.itemId);
      return item === undefined ? [] : [{ item, served }];
    }),
    hasNext: from + first < request.entries.length,
    view: { ...view, items: new Map([...view.items, ...visible]) },
  };
}

async function continued(
  { stores }: RecommendPorts,
  { viewer, requestId }: ForYouInput,
): Promise<ServedRequest> {
  const request = requestId === null ? null : await stores.answers.request(requestId);
  if (request?.personId === viewer.id && request.surface === 'GALLERY') return request;
  throw new DomainError('NOT_FOUND', 'after: a cursor of this gallery was wanted, another one came', {
    path: ['after'],
  });
}

async function order(ports: RecommendPorts, viewer: Person, filter: GalleryFilter): Promise<ServedRequest> {
  const { stores, clock, ids, rankers } = ports;
  await assertFilter(ports, viewer, filter);
  const catalogueId = await firstCatalogue(ports);
  const [view, signals, page] = await Promise.all([
    rankers.view(catalogueId),
    viewerSignals(ports, viewer, false),
    stores.gallery.page(viewer.id, filter, { order: 'NEWEST', first: CANDIDATES }),
  ]);
  const items = page.works
    .map(({ item }) => item)
    .filter(
      ({ id, topics }) => !signals.hidden.has(id) && !topics.some((topic) => signals.hiddenTopics.has(topic)),
    );
  const request: ServedRequest = {
    id: ids.next() as RequestId,
    personId: viewer.id,
    catalogueId,
    surface: 'GALLERY',
    modelVersionId: view.model?.id ?? null,
    profiled: signals.profiled,
    degraded: null,
    history: signals.history.filter(({ itemId }) => view.numberOf.has(itemId)),
    entries: await ordered(ports, items, { view, signals }),
    createdAt: clock.now(),
  };
  await stores.answers.saveRequest(request);
  return request;
}

interface Taste {
  readonly view: RankingView;
  readonly signals: ViewerSignals;
}

async function ordered(
  { stores }: RecommendPorts,
  items: readonly Item[],
  { view, signals }: Taste,
): Promise<Served[]> {
  const wanted = signals.history.slice(-RECENT).map(({ itemId }) => itemId);
  const pulled = [...signals.pulls.keys()];
  const vectors = await stores.items.vectors([...items.map(({ id }) => id), ...wanted, ...pulled]);
  const vectorOf = (id: ItemId) => vectors.get(id) ?? null;
  const known = await rankerShares(view, signals, items);
  const scored = items.map((item) => ({
    itemId: item.id,
    title: item.title,
    topics: item.topics,
    attributes: item.attributes,
    vector: vectorOf(item.id),
    nearness: 0,
    score: resemblance(vectorOf(item.id), wanted.map(vectorOf)) + (known.get(item.id) ?? 0),
  }));
  const steering = {
    facets: signals.facets,
    pulls: [...signals.pulls].map(([itemId, strength]) => ({ itemId, strength, vector: vectorOf(itemId) })),
  };
  const placed = diversify(steer(scored, steering), scored.length, 0.3);
  return placed.map(({ itemId, steered, score }, position) => ({
    ...{ itemId, position, score: steered, explored: false, propensity: 1 },
    sources: [sourceOf(known.has(itemId), steered > score)],
  }));
}

function sourceOf(isKnown: boolean, isSteered: boolean): CandidateSource {
  if (isSteered) return 'STATED_PREFERENCE';
  return isKnown ? 'SEQUENCE' : 'CONTENT_SIMILARITY';
}

/** Mean cosine to what was wanted lately; 0 for a person without history, whose order then is that of the newest. */
function resemblance(vector: Float32Array | null, wanted: readonly (Float32Array | null)[]): number {
  const sum = wanted.reduce((total, other) => total + cosine(vector, other), 0);
  return wanted.length === 0 ? 0 : sum / wanted.length;
}

/** Where the ranker would place those that it knows, as a share: 1 first, 0 last. */
async function rankerShares(
  view: RankingView,
  { history }: ViewerSignals,
  items: readonly Item[],
): Promise<Map<ItemId, number>> {
  const known = items.filter(({ id }) => view.numberOf.has(id));
  if (known.length === 0) return new Map();
  const past = Int32Array.from(history.flatMap(({ itemId }) => view.numberOf.get(itemId) ?? []));
  const numbers = Int32Array.from(known, ({ id }) => view.numberOf.get(id) ?? 0);
  const [scores] = await view.ranker.scoreItems([past], numbers);
  const best = known.map(({ id }, i) => ({ id, score: scores?.[i] ?? 0 })).sort((a, b) => b.score - a.score);
  return new Map(best.map(({ id }, place) => [id, 1 - place / best.length]));
}
