import type { ItemId } from '../domain/ids.js';
import type { RankingView } from './ranking-view.js';
import type { ViewerSignals } from './viewer-signals.js';

/** What one answer leaves out beside what the person does not want. */
export interface ShowRule {
  /** Whether what the person has had already may come again. */
  readonly includeSeen: boolean;
  readonly allowGenerated: boolean;
  /** Only items with one of these topics; null: any. */
  readonly topics: readonly string[] | null;
}

/** The items of a view that may stand before a person. */
export interface ShowableItems {
  has(id: ItemId): boolean;
  /** In the order of the view. */
  ids(): ItemId[];
  /** How many may be shown. */
  count(): number;
  /** Those that may not be shown as well, in the order of the view. */
  readonly all: readonly ItemId[];
  /** Numbers of the items that the ranker knows and that may not be shown. */
  forbiddenNumbers(): Set<number>;
}

/** "Less like this" takes the thing itself away until the dislike has faded to half, one month; what resembles it only sinks. */
const UNWANTED = -0.5;

/**
 * The only place that knows what may be shown to whom: not what is hidden, unwanted, seen (unless asked for), or of a kind that was
 * not asked for. What is barred is listed, not what is free: its cost is a person's history, not the catalogue, as long as no topics
 * are asked for.
 */
export function showableItems(view: RankingView, signals: ViewerSignals, rule: ShowRule): ShowableItems {
  const index = indexOf(view);
  const barred = barredItems(index, signals, rule);
  const has = (id: ItemId) => view.items.has(id) && !barred.has(id);
  return {
    has,
    ids: () => (barred.size === 0 ? [...index.ids] : index.ids.filter((id) => !barred.has(id))),
    count: () => index.ids.length - [...barred].filter((id) => view.items.has(id)).length,
    all: index.ids,
    forbiddenNumbers() {
      const numbers = new Set(index.goneNumbers);
      for (const id of barred) {
        const number = view.numberOf.get(id);
        if (number !== undefined) numbers.add(number);
      }
      return numbers;
    },
  };
}

function barredItems(
  { ids, byTopic, generated }: ViewIndex,
  { history, hidden, hiddenTopics, pulls }: ViewerSignals,
  { includeSeen, allowGenerated, topics }: ShowRule,
): Set<ItemId> {
  const barred = new Set(hidden);
  const bar = (some: Iterable<ItemId>) => {
    for (const id of some) barred.add(id);
  };
  if (!includeSeen) bar(history.map(({ itemId }) => itemId));
  for (const [id, strength] of pulls) if (strength <= UNWANTED) barred.add(id);
  for (const topic of hiddenTopics) bar(byTopic.get(topic) ?? []);
  if (!allowGenerated) bar(generated);
  if (topics !== null) {
    const wanted = new Set(topics.flatMap((topic) => byTopic.get(topic) ?? []));
    bar(ids.filter((id) => !wanted.has(id)));
  }
  return barred;
}

interface ViewIndex {
  readonly ids: readonly ItemId[];
  readonly byTopic: ReadonlyMap<string, readonly ItemId[]>;
  readonly generated: readonly ItemId[];
  /** Numbers of items that the ranker learned and that are in the catalogue no more. */
  readonly goneNumbers: readonly number[];
}

/** Made once per view: it goes when the pool swaps the view for a newer one. */
const indexes = new WeakMap<RankingView, ViewIndex>();

function indexOf(view: RankingView): ViewIndex {
  const known = indexes.get(view);
  if (known) return known;
  const { items, ranker } = view;
  const byTopic = new Map<string, ItemId[]>();
  for (const { id, topics } of items.values())
    for (const topic of topics) {
      const ids = byTopic.get(topic);
      if (ids) ids.push(id);
      else byTopic.set(topic, [id]);
    }
  const made = {
    ids: [...items.keys()],
    byTopic,
    generated: [...items.values()].filter(({ origin }) => origin !== 'HUMAN').map(({ id }) => id),
    goneNumbers: ranker.itemIds.flatMap((id, number) => (items.has(id as ItemId) ? [] : [number])),
  };
  indexes.set(view, made);
  return made;
}
