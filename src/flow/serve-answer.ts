import type { RequestId } from '../domain/ids.js';
import type { Served, ServedRequest, Surface } from '../domain/recommendation.js';
import type { OpenAnswer } from './open-answer.js';
import type { Recommended, RecommendPorts } from './recommend.js';

export interface Answered {
  readonly surface: Surface;
  readonly first: number;
  /** Milliseconds since the epoch when the question came. */
  readonly startedAt: number;
  readonly degraded: string | null;
  /** Best first. */
  readonly entries: readonly Pick<Served, 'itemId' | 'score' | 'sources'>[];
}

/** Stores an answer as the snapshot that scrolling, events and reasons refer to, and gives its first page. */
export async function serveAnswer(
  { stores, ids, clock }: RecommendPorts,
  { viewer, view, signals, history }: OpenAnswer,
  { surface, first, startedAt, degraded, entries }: Answered,
): Promise<Recommended> {
  const request: ServedRequest = {
    id: ids.next() as RequestId,
    personId: viewer.id,
    catalogueId: view.catalogueId,
    ...{ surface, degraded, history },
    modelVersionId: view.model?.id ?? null,
    profiled: signals.profiled,
    entries: entries.map((entry, position) => ({ ...entry, position, explored: false, propensity: 1 })),
    createdAt: clock.now(),
  };
  await stores.answers.saveRequest(request);
  return {
    request,
    page: request.entries.slice(0, first),
    hasNext: first < request.entries.length,
    model: view.model,
    servedInMs: clock.now().getTime() - startedAt,
  };
}
