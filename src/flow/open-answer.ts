import type { CatalogueId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { HistoryContext } from '../domain/ranking/history-context.js';
import type { HistoryEntry } from '../domain/recommendation.js';
import { historyContextOf } from './history-context-of.js';
import { type RecommendPorts, viewAndSignals } from './recommend.js';
import type { RankingView } from './ranking-view.js';
import { showableItems, type ShowableItems } from './showable-items.js';
import type { ViewerSignals } from './viewer-signals.js';

/** What every kind of answer is asked with. */
export interface Asking {
  readonly viewer: Person;
  readonly catalogueId: CatalogueId | null;
  readonly withoutProfiling: boolean;
  readonly includeSeen: boolean;
}

/** What making an answer starts from. */
export interface OpenAnswer {
  readonly viewer: Person;
  readonly view: RankingView;
  readonly signals: ViewerSignals;
  /** Wanted items that the ranker knows, oldest first, with their numbers. */
  readonly history: readonly HistoryEntry[];
  readonly numbers: Int32Array;
  /** When and how that history came about. */
  readonly context: HistoryContext;
  /** Real items that this person may see now and has not hidden. */
  readonly showable: ShowableItems;
}

/** Gathers the ranker, the person's signals, and what may be shown at all. */
export async function openAnswer(ports: RecommendPorts, asking: Asking): Promise<OpenAnswer> {
  const [view, signals] = await viewAndSignals(ports, asking);
  const { viewer, includeSeen } = asking;
  return openedWith(view, signals, { viewer, includeSeen, now: ports.clock.now() });
}

/** The same from a ranker and signals that are there. */
export function openedWith(
  view: RankingView,
  signals: ViewerSignals,
  { viewer, includeSeen, now }: Pick<Asking, 'viewer' | 'includeSeen'> & { readonly now: Date },
): OpenAnswer {
  const history = signals.history.filter(({ itemId }) => view.numberOf.has(itemId));
  const showable = showableItems(view, signals, { includeSeen, allowGenerated: true, topics: null });
  const numbers = Int32Array.from(history, ({ itemId }) => view.numberOf.get(itemId) ?? 0);
  const context = historyContextOf(history, now);
  return { viewer, view, signals, history, numbers, context, showable };
}
