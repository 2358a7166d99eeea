import { DomainError } from '../domain/errors.js';
import type { EventType } from '../domain/event.js';
import type { CatalogueId, ItemId, RequestId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { Person } from '../domain/person.js';
import type { HistoryContext } from '../domain/ranking/history-context.js';
import type { PartName } from '../domain/ranking/part.js';
import type { RankedItem } from '../domain/ranking/serving-ranker.js';
import { diversify } from '../domain/ranking/diversify.js';
import { explore, type Slot } from '../domain/ranking/explore.js';
import { steer, type Steering } from '../domain/ranking/steer.js';
import { seededRandom } from '../domain/random.js';
import type { CandidateSource, Served, ServedRequest, Surface } from '../domain/recommendation.js';
import { historyContextOf } from './history-context-of.js';
import type { Ports } from './ports.js';
import type { RankerPool, RankingView } from './ranking-view.js';
import { showableItems, type ShowableItems } from './showable-items.js';
import { viewerSignals, type ViewerSignals } from './viewer-signals.js';

export interface RecommendInput {
  readonly viewer: Person;
  readonly surface: Surface;
  readonly catalogueId: CatalogueId | null;
  /** Continue this answer's snapshot instead of making a new one. */
  readonly requestId: RequestId | null;
  readonly first: number;
  /** Last position already seen; null: from the start. */
  readonly afterPosition: number | null;
  readonly withoutProfiling: boolean;
  readonly includeSeen: boolean;
  readonly allowGenerated: boolean;
  readonly topics: readonly string[] | null;
  /** What the person should want to do with it; left out or null: anything. */
  readonly goal?: EventType | null;
}

export interface Recommended {
  readonly request: ServedRequest;
  readonly page: readonly Served[];
  readonly hasNext: boolean;
  readonly model: ModelVersion | null;
  readonly servedInMs: number;
}

export type RecommendPorts = Pick<Ports, 'stores' | 'clock' | 'ids'> & { readonly rankers: RankerPool };

/** How far one answer can be scrolled; ten pages. */
const SNAPSHOT = 200;
/** Steering and diversity choose among this many. */
const CANDIDATES = 400;

/** Rank: what to show this person, as a stored snapshot that scrolling, events and reasons refer to. */
export async function recommend(ports: RecommendPorts, input: RecommendInput): Promise<Recommended> {
  if (!Number.isInteger(input.first) || input.first < 1 || input.first > 100)
    throw new DomainError('INVALID_INPUT', `first: 1 to 100 was wanted, ${input.first} came`, {
      path: ['first'],
    });
  const startedAt = ports.clock.now().getTime();
  const request =
    input.requestId === null
      ? await answer(ports, input)
      : await continued(ports, input.viewer, input.requestId);
  const from = input.afterPosition === null ? 0 : input.afterPosition + 1;
  const page = request.entries.slice(from, from + input.first);
  const view = await ports.rankers.view(request.catalogueId);
  const model = view.model?.id === request.modelVersionId ? view.model : await modelOf(ports, request);
  const servedInMs = ports.clock.now().getTime() - startedAt;
  return { request, page, hasNext: from + input.first < request.entries.length, model, servedInMs };
}

async function continued({ stores }: RecommendPorts, viewer: Person, id: RequestId): Promise<ServedRequest> {
  const request = await stores.answers.request(id);
  if (request?.personId === viewer.id) return request;
  throw new DomainError(
    'NOT_FOUND',
    'no answer of yours has this request id; ask without one for a new answer',
    { path: ['request'] },
  );
}

async function modelOf(
  { stores }: RecommendPorts,
  { modelVersionId }: ServedRequest,
): Promise<ModelVersion | null> {
  if (modelVersionId === null) return null;
  return (await stores.models.byIds([modelVersionId]))[0] ?? null;
}

async function answer(ports: RecommendPorts, input: RecommendInput): Promise<ServedRequest> {
  const [view, signals] = await viewAndSignals(ports, input);
  const id = ports.ids.next() as RequestId;
  const createdAt = ports.clock.now();
  const { history, entries } = answerFrom(view, signals, { input, id, at: createdAt });
  const request: ServedRequest = {
    id,
    personId: input.viewer.id,
    catalogueId: view.catalogueId,
    surface: input.surface,
    modelVersionId: view.model?.id ?? null,
    profiled: signals.profiled,
    degraded: degradation(view, input),
    history,
    entries: await entries,
    createdAt,
  };
  await ports.stores.answers.saveRequest(request);
  view.shadow?.offer(request, (unseen) => answerFrom(unseen, signals, { input, id, at: createdAt }).entries);
  return request;
}

/** What one view makes of the same signals: of the history, what its ranker knows, and the places it gives. */
function answerFrom(
  view: RankingView,
  signals: ViewerSignals,
  { input, id, at }: { readonly input: RecommendInput; readonly id: RequestId; readonly at: Date },
) {
  const history = signals.history.filter(({ itemId }) => view.numberOf.has(itemId));
  const context = historyContextOf(history, at, input.goal);
  const known = history.map(({ itemId }) => itemId);
  return { history, entries: placed(view, signals, { ...input, id, history: known, context }) };
}

function degradation({ model, ranker }: RankingView, { goal }: RecommendInput): string | null {
  if (model === null) return 'the ranker is not trained yet: neighbours and popularity answer';
  if (!goal || ranker.readsGoals) return null;
  return 'the ranker was not trained with goals: the wish for one changes nothing';
}

/** The ranker and what is known of the person, read side by side. */
export function viewAndSignals(
  ports: Omit<RecommendPorts, 'ids'>,
  asking: Pick<RecommendInput, 'viewer' | 'catalogueId' | 'withoutProfiling'>,
): Promise<[RankingView, ViewerSignals]> {
  const { viewer, catalogueId, withoutProfiling } = asking;
  const named = catalogueId === null ? firstCatalogue(ports) : Promise.resolve(catalogueId);
  return Promise.all([
    named.then((id) => ports.rankers.view(id)),
    viewerSignals(ports, viewer, withoutProfiling),
  ]);
}

export async function firstCatalogue({ stores }: Pick<Ports, 'stores'>): Promise<CatalogueId> {
  const [first] = await stores.catalogues.all();
  if (first === undefined)
    throw new DomainError('NOT_FOUND', 'no catalogue yet: import one first', { path: ['catalogueId'] });
  return first.id;
}

interface Candidate {
  readonly item: Item;
  readonly itemId: ItemId;
  readonly title: string;
  readonly score: number;
  readonly topics: readonly string[];
  readonly attributes: Item['attributes'];
  readonly vector: Float32Array | null;
  readonly sources: readonly CandidateSource[];
}

type PlacingInput = RecommendInput & {
  readonly id: RequestId;
  readonly history: readonly ItemId[];
  readonly context: HistoryContext;
};

async function placed(view: RankingView, signals: ViewerSignals, input: PlacingInput): Promise<Served[]> {
  const showable = showableItems(view, signals, input);
  const history = Int32Array.from(input.history, (id) => view.numberOf.get(id) ?? 0);
  const ranked = await view.ranker.rank(history, showable.forbiddenNumbers(), CANDIDATES, input.context);
  const candidates = ranked.flatMap((one) => candidateOf(view, signals, one));
  const ordered = diversify(steer(candidates, steeringOf(view, signals)), SNAPSHOT);
  const { ids, sources } = explorationPool(view, showable, new Set(ordered.map(({ itemId }) => itemId)));
  const drawn = (id: ItemId) => ({
    ...asCandidate(view, view.items.get(id) as Item, 0, sources),
    steered: 0,
  });
  return explore(ordered, ids, drawn, seededRandom(input.id)).map(servedAt);
}

function candidateOf(
  view: RankingView,
  signals: ViewerSignals,
  { item: number, score, parts }: RankedItem,
): Candidate[] {
  const item = view.items.get(view.ranker.itemIds[number] as ItemId);
  if (item === undefined) return [];
  return [asCandidate(view, item, score, sourcesOf(parts, item, { view, signals }))];
}

function asCandidate(
  view: RankingView,
  item: Item,
  score: number,
  sources: readonly CandidateSource[],
): Candidate {
  const { id: itemId, title, topics, attributes } = item;
  return {
    item,
    itemId,
    title,
    score,
    topics,
    attributes,
    vector: view.vectors.get(itemId) ?? null,
    sources,
  };
}

const SOURCE_OF_PART: Readonly<Record<PartName, CandidateSource>> = {
  popularity: 'TRENDING',
  trend: 'TRENDING',
  itemknn: 'COLLABORATIVE',
  ease: 'COLLABORATIVE',
  trunk: 'SEQUENCE',
  codes: 'GENERATIVE',
  diffusion: 'GENERATIVE',
};

/** Parts that gave at least a tenth of the score, strongest first. */
function sourcesOf(
  parts: RankedItem['parts'],
  item: Item,
  { view, signals }: { view: RankingView; signals: ViewerSignals },
): CandidateSource[] {
  const given = (Object.entries(parts) as [PartName, number][]).filter(([, value]) => value > 0);
  const total = given.reduce((sum, [, value]) => sum + value, 0);
  const strong = given.filter(([, value]) => value >= total / 10).sort((a, b) => b[1] - a[1]);
  const sources = new Set<CandidateSource>(strong.map(([part]) => SOURCE_OF_PART[part]));
  if (
    signals.facets.some(
      (f) => f.weight > 0 && (item.topics.includes(f.value) || item.attributes[f.attribute] === f.value),
    )
  )
    sources.add('STATED_PREFERENCE');
  if (view.model === null || sources.size === 0) sources.add('FALLBACK');
  return [...sources];
}

function steeringOf(view: RankingView, { facets, pulls }: ViewerSignals): Steering {
  return {
    facets,
    pulls: [...pulls].map(([itemId, strength]) => ({
      itemId,
      strength,
      vector: view.vectors.get(itemId) ?? null,
    })),
  };
}

/** New items first of all, else the long tail: what the ranking alone would hardly ever show. */
function explorationPool(
  view: RankingView,
  showable: ShowableItems,
  placedIds: ReadonlySet<ItemId>,
): { readonly ids: readonly ItemId[]; readonly sources: readonly CandidateSource[] } {
  const cold = view.cold.filter((id) => showable.has(id) && !placedIds.has(id));
  if (cold.length > 0) return { ids: cold, sources: ['NEW'] };
  return { ids: showable.ids().filter((id) => !placedIds.has(id)), sources: ['FALLBACK'] };
}

function servedAt(
  { candidate, explored, propensity }: Slot<Candidate & { steered: number }>,
  position: number,
): Served {
  const { itemId, steered, sources } = candidate;
  return { itemId, position, score: steered, sources, explored, propensity };
}
