import { DomainError } from '../domain/errors.js';
import type { EventType } from '../domain/event.js';
import type { CatalogueId, RequestId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { Person } from '../domain/person.js';
import type { Served, ServedRequest, Surface } from '../domain/recommendation.js';
import { historyContextOf } from './history-context-of.js';
import { placeItems } from './place-items.js';
import type { Ports } from './ports.js';
import type { RankerPool, RankingView } from './ranking-view.js';
import { readWish, type Wish } from './request-wish.js';
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
  /** What the person asks for in their own words; left out or null: nothing in particular. */
  readonly request?: string | null;
}

export interface Recommended {
  readonly request: ServedRequest;
  readonly page: readonly Served[];
  readonly hasNext: boolean;
  readonly model: ModelVersion | null;
  readonly servedInMs: number;
}

export type RecommendPorts = Pick<Ports, 'stores' | 'clock' | 'ids'> & { readonly rankers: RankerPool };

/** Rank: what to show this person, as a stored snapshot that scrolling, events and reasons refer to. */
export async function recommend(
  ports: RecommendPorts & Pick<Ports, 'text'>,
  input: RecommendInput,
): Promise<Recommended> {
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

async function answer(
  ports: RecommendPorts & Pick<Ports, 'text'>,
  input: RecommendInput,
): Promise<ServedRequest> {
  const [[view, signals], wish] = await Promise.all([
    viewAndSignals(ports, input),
    readWish(ports, input.request),
  ]);
  const id = ports.ids.next() as RequestId;
  const createdAt = ports.clock.now();
  const asked = { input, id, at: createdAt, wish };
  const { history, entries } = answerFrom(view, signals, asked);
  const request: ServedRequest = {
    id,
    personId: input.viewer.id,
    catalogueId: view.catalogueId,
    surface: input.surface,
    modelVersionId: view.model?.id ?? null,
    profiled: signals.profiled,
    degraded: degradation(view, input, wish),
    request: wish?.words ?? null,
    history,
    entries: await entries,
    createdAt,
  };
  await ports.stores.answers.saveRequest(request);
  view.shadow?.offer(request, (unseen) => answerFrom(unseen, signals, asked).entries);
  return request;
}

interface Asked {
  readonly input: RecommendInput;
  readonly id: RequestId;
  readonly at: Date;
  readonly wish: Wish | null;
}

/** What one view makes of the same signals: of the history, what its ranker knows, and the places it gives. */
function answerFrom(view: RankingView, signals: ViewerSignals, { input, id, at, wish }: Asked) {
  const history = signals.history.filter(({ itemId }) => view.numberOf.has(itemId));
  const context = historyContextOf(history, at, input.goal);
  const known = history.map(({ itemId }) => itemId);
  return { history, entries: placeItems(view, signals, { ...input, id, history: known, context, wish }) };
}

function degradation(
  { model, ranker, vectors }: RankingView,
  { goal }: RecommendInput,
  wish: Wish | null,
): string | null {
  if (model === null) return 'the ranker is not trained yet: neighbours and popularity answer';
  if (goal && !ranker.readsGoals)
    return 'the ranker was not trained with goals: the wish for one changes nothing';
  if (wish !== null && vectors.size === 0)
    return 'the words of the catalogue were not read yet: the request changes nothing';
  return null;
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
