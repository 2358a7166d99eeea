import { DomainError } from '../domain/errors.js';
import type { ItemId, RequestId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Person } from '../domain/person.js';
import { cosine } from '../domain/ranking/steer.js';
import type { Served, ServedRequest } from '../domain/recommendation.js';
import type { Recommended, RecommendPorts } from './recommend.js';
import type { RankingView } from './ranking-view.js';
import { maySee } from './visible-items.js';

interface SimilarInput {
  readonly viewer: Person;
  readonly itemId: ItemId;
  readonly first: number;
  readonly afterPosition: number | null;
}

const SNAPSHOT = 100;
/** Words and looks count as much as company: either alone has gaps (cold items, empty texts). */
const CONTENT_SHARE = 0.5;

/** Items that resemble one item: by its words (vectors) and by the company it keeps (people who wanted both). */
export async function similarItems(ports: RecommendPorts, input: SimilarInput): Promise<Recommended> {
  const startedAt = ports.clock.now().getTime();
  const [item] = await ports.stores.items.byIds([input.itemId]);
  if (item === undefined || !maySee(item, input.viewer.id))
    throw new DomainError('NOT_FOUND', 'no content has this id', { path: ['id'] });
  const view = await ports.rankers.view(item.catalogueId);
  const vector =
    view.vectors.get(item.id) ?? (await ports.stores.items.vectors([item.id])).get(item.id) ?? null;
  const request: ServedRequest = {
    id: ports.ids.next() as RequestId,
    personId: input.viewer.id,
    catalogueId: item.catalogueId,
    surface: 'DETAIL',
    modelVersionId: view.model?.id ?? null,
    profiled: false,
    degraded: null,
    history: [],
    entries: resembling(view, item, vector),
    createdAt: ports.clock.now(),
  };
  await ports.stores.answers.saveRequest(request);
  const from = input.afterPosition === null ? 0 : input.afterPosition + 1;
  const page = request.entries.slice(from, from + input.first);
  const hasNext = from + input.first < request.entries.length;
  return { request, page, hasNext, model: view.model, servedInMs: ports.clock.now().getTime() - startedAt };
}

function resembling(view: RankingView, item: Item, vector: Float32Array | null): Served[] {
  const number = view.numberOf.get(item.id);
  const company = (other: ItemId): number => {
    const otherNumber = view.numberOf.get(other);
    if (number === undefined || otherNumber === undefined) return 0;
    const { ranker } = view;
    const size = Math.sqrt(ranker.support(number) * ranker.support(otherNumber));
    return size === 0 ? 0 : ranker.neighbours(number, otherNumber) / size;
  };
  return [...view.items.keys()]
    .filter((id) => id !== item.id)
    .map((itemId) => {
      const looks = cosine(vector, view.vectors.get(itemId) ?? null);
      return { itemId, looks, score: CONTENT_SHARE * looks + (1 - CONTENT_SHARE) * company(itemId) };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, SNAPSHOT)
    .map(({ itemId, looks, score }, position) => ({
      itemId,
      position,
      score,
      sources: [2 * CONTENT_SHARE * looks >= score ? 'CONTENT_SIMILARITY' : 'COLLABORATIVE'],
      explored: false,
      propensity: 1,
    }));
}
