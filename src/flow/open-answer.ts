import { DomainError } from '../domain/errors.js';
import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Person } from '../domain/person.js';
import type { HistoryContext } from '../domain/ranking/history-context.js';
import type { HistoryEntry } from '../domain/recommendation.js';
import { historyContextOf } from './history-context-of.js';
import { allowedItems, firstCatalogue, type RecommendPorts } from './recommend.js';
import type { RankingView } from './ranking-view.js';
import { viewerSignals, type ViewerSignals } from './viewer-signals.js';

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
  readonly allowed: ReadonlySet<ItemId>;
}

/** Gathers the ranker, the person's signals, and what may be shown at all. */
export async function openAnswer(ports: RecommendPorts, asking: Asking): Promise<OpenAnswer> {
  const catalogueId = asking.catalogueId ?? (await firstCatalogue(ports));
  const [view, signals] = await Promise.all([
    ports.rankers.view(catalogueId),
    viewerSignals(ports, asking.viewer, asking.withoutProfiling),
  ]);
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
  const allowed = allowedItems(view, signals, {
    history: history.map(({ itemId }) => itemId),
    includeSeen,
    allowGenerated: true,
    topics: null,
  });
  const numbers = Int32Array.from(history, ({ itemId }) => view.numberOf.get(itemId) ?? 0);
  const context = historyContextOf(history, now);
  return { viewer, view, signals, history, numbers, context, allowed };
}

/** More says nothing that fewer do not, and costs the encoder time. */
const LONGEST_TEXT = 500;

/** Free words from outside: something, and not a book. */
export function assertWords(text: string, path: string): void {
  if (/[\p{L}\p{N}]/u.test(text) && text.length <= LONGEST_TEXT) return;
  const came = text.length > LONGEST_TEXT ? `${text.length} characters` : `"${text}"`;
  throw new DomainError(
    'INVALID_INPUT',
    `words, at most ${LONGEST_TEXT} characters, were wanted, ${came} came`,
    {
      path: [path],
      constraint: `1..${LONGEST_TEXT} characters`,
    },
  );
}
