import type { ItemId, RequestId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { seededRandom } from '../domain/random.js';
import { diversify } from '../domain/ranking/diversify.js';
import { type DrawingPool, drawingPool } from '../domain/ranking/drawing-pool.js';
import { explore, type Slot } from '../domain/ranking/explore.js';
import type { HistoryContext } from '../domain/ranking/history-context.js';
import type { PartName } from '../domain/ranking/part.js';
import type { RankedItem } from '../domain/ranking/serving-ranker.js';
import { steer, type Steering } from '../domain/ranking/steer.js';
import type { CandidateSource, Served } from '../domain/recommendation.js';
import type { RankingView } from './ranking-view.js';
import { type Nearness, nearnessTo, type Wish } from './request-wish.js';
import { showableItems, type ShowableItems, type ShowRule } from './showable-items.js';
import type { ViewerSignals } from './viewer-signals.js';

export interface Placing extends ShowRule {
  /** Seeds what is left to chance. */
  readonly id: RequestId;
  /** Of the person's history, what the ranker knows. */
  readonly history: readonly ItemId[];
  readonly context: HistoryContext;
  readonly wish: Wish | null;
}

/** How far one answer can be scrolled; ten pages. */
const SNAPSHOT = 200;
/** Steering and diversity choose among this many. */
const CANDIDATES = 400;
/** From so many deviations on, an item is said to be near what was asked for: one in six or so. */
export const NEAR = 1;

interface Candidate {
  readonly itemId: ItemId;
  readonly item: Item;
  readonly title: string;
  readonly score: number;
  readonly topics: readonly string[];
  readonly attributes: Item['attributes'];
  readonly vector: Float32Array | null;
  readonly nearness: number;
  readonly parts: RankedItem['parts'];
}
type Placed = Candidate & { readonly steered: number; readonly drawnAs?: CandidateSource };

/** Rank: candidates by the ranker and by the words, what was said added, likes kept apart, a place in twenty left to chance. */
export async function placeItems(
  view: RankingView,
  signals: ViewerSignals,
  placing: Placing,
): Promise<Served[]> {
  const showable = showableItems(view, signals, placing);
  const nearness = placing.wish && nearnessTo(placing.wish, view, showable);
  const candidates = await candidatesOf(view, { showable, placing, nearness });
  const ordered: Placed[] = diversify(steer(candidates, steeringOf(view, signals)), SNAPSHOT);
  const { pool, drawnAs } = explorationPool(view, showable, new Set(ordered.map(({ itemId }) => itemId)));
  const drawn = (id: ItemId): Placed => {
    const item = view.items.get(id) as Item;
    return { ...candidateOf(view, item, { score: 0, parts: {}, nearness: 0 }), steered: 0, drawnAs };
  };
  const slots = explore(ordered, pool, drawn, seededRandom(placing.id));
  return slots.map((slot, position) => servedAt(slot, position, { view, signals }));
}

interface Sought {
  readonly showable: ShowableItems;
  readonly placing: Placing;
  readonly nearness: Nearness | null;
}

/** The ranker's best, and beside them what is nearest to the words, with what the ranker thinks of it. */
async function candidatesOf(
  view: RankingView,
  { showable, placing, nearness }: Sought,
): Promise<Candidate[]> {
  const { ranker, numberOf, items } = view;
  const history = Int32Array.from(placing.history, (id) => numberOf.get(id) ?? 0);
  const ranked = await ranker.rank(history, showable.forbiddenNumbers(), CANDIDATES, placing.context);
  const found = ranked.map(({ item, score, parts }) => ({
    id: ranker.itemIds[item] as ItemId,
    score,
    parts,
  }));
  const known = new Set(found.map(({ id }) => id));
  const near = (nearness?.nearest ?? []).filter((id) => !known.has(id));
  const numbers = Int32Array.from(near.flatMap((id) => numberOf.get(id) ?? []));
  const [scores = new Float32Array()] =
    numbers.length === 0 ? [] : await ranker.scoreItems([history], numbers, [placing.context]);
  const scoreOf = new Map(Array.from(numbers, (number, i) => [number, scores[i] as number]));
  const least = Math.min(found.at(-1)?.score ?? 0, ...scores); // of what the ranker does not know yet
  const nearby = near.map((id) => ({ id, score: scoreOf.get(numberOf.get(id) ?? -1) ?? least, parts: {} }));
  return [...found, ...nearby].flatMap(({ id, score, parts }) => {
    const item = items.get(id);
    return item ? [candidateOf(view, item, { score, parts, nearness: nearness?.of(id) ?? 0 })] : [];
  });
}

function candidateOf(
  view: RankingView,
  item: Item,
  known: Pick<Candidate, 'score' | 'parts' | 'nearness'>,
): Candidate {
  const { id: itemId, title, topics, attributes } = item;
  return { itemId, item, title, topics, attributes, vector: view.vectors.get(itemId) ?? null, ...known };
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

interface Known {
  readonly view: RankingView;
  readonly signals: ViewerSignals;
}

/** Parts that gave at least a tenth of the score, strongest first, and what was said. */
function sourcesOf({ parts, item, nearness, drawnAs }: Placed, { view, signals }: Known): CandidateSource[] {
  if (drawnAs !== undefined) return [drawnAs];
  const given = (Object.entries(parts) as [PartName, number][]).filter(([, value]) => value > 0);
  const total = given.reduce((sum, [, value]) => sum + value, 0);
  const strong = given.filter(([, value]) => value >= total / 10).sort((a, b) => b[1] - a[1]);
  const sources = new Set<CandidateSource>(strong.map(([part]) => SOURCE_OF_PART[part]));
  if (nearness >= NEAR) sources.add('CONTENT_SIMILARITY');
  if (isStated(item, signals)) sources.add('STATED_PREFERENCE');
  if (view.model === null || sources.size === 0) sources.add('FALLBACK');
  return [...sources];
}

function isStated({ topics, attributes }: Item, { facets }: ViewerSignals): boolean {
  return facets.some(
    (f) => f.weight > 0 && (topics.includes(f.value) || attributes[f.attribute] === f.value),
  );
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
): { readonly pool: DrawingPool<ItemId>; readonly drawnAs: CandidateSource } {
  const isFree = (id: ItemId) => showable.has(id) && !placedIds.has(id);
  const cold = view.cold.filter(isFree);
  if (cold.length > 0) return { pool: drawingPool(cold, isFree, cold.length), drawnAs: 'NEW' };
  const free = showable.count() - placedIds.size; // all that is placed may be shown
  return { pool: drawingPool(showable.all, isFree, free), drawnAs: 'FALLBACK' };
}

function servedAt({ candidate, explored, propensity }: Slot<Placed>, position: number, known: Known): Served {
  const { itemId, steered, nearness } = candidate;
  const near = nearness >= NEAR ? { nearness } : {};
  return {
    ...{ itemId, position, score: steered, sources: sourcesOf(candidate, known), explored, propensity },
    ...near,
  };
}
