import { polarity, type FeedbackEvent } from '../domain/event.js';
import type { ItemId } from '../domain/ids.js';
import type { Facet, Person } from '../domain/person.js';
import { actionOf } from '../domain/ranking/actions.js';
import type { HistoryEntry } from '../domain/recommendation.js';
import type { Ports } from './ports.js';

/** All that an answer may use about a person, read afresh for each answer: an event changes the very next one. */
export interface ViewerSignals {
  /** False: profiling is off, and everything below is empty but `hidden`. */
  readonly profiled: boolean;
  /** Wanted items, oldest first, each at its latest time. */
  readonly history: readonly HistoryEntry[];
  /** Never to be shown again. */
  readonly hidden: ReadonlySet<ItemId>;
  readonly hiddenTopics: ReadonlySet<string>;
  /** Strength in [-1, 1] by item: "more like this", or less. */
  readonly pulls: ReadonlyMap<ItemId, number>;
  readonly facets: readonly Facet[];
}

const MAX_EVENTS = 500;
const MAX_HISTORY = 200;
/** A dislike of a month ago weighs half: tastes change, and a page should not narrow for ever. */
const HALF_LIFE_MS = 30 * 86_400_000;

export async function viewerSignals(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  viewer: Person,
  withoutProfiling: boolean,
): Promise<ViewerSignals> {
  const profiled = viewer.consent.personalisation && !withoutProfiling;
  const { events, controls, facets } = await stores.profiles.known(viewer.id, MAX_EVENTS);
  const now = clock.now().getTime();
  const fading = (at: Date) => 0.5 ** (Math.max(0, now - at.getTime()) / HALF_LIFE_MS);
  const hidden = new Set(
    events.filter(({ type }) => type === 'HIDE' || type === 'REPORT').map(({ itemId }) => itemId as ItemId),
  );
  controls.filter(({ kind }) => kind === 'HIDE_ITEM').forEach(({ target }) => hidden.add(target as ItemId));
  if (!profiled)
    return { profiled, history: [], hidden, hiddenTopics: new Set(), pulls: new Map(), facets: [] };

  const pulls = new Map<ItemId, number>();
  events.filter((e) => polarity(e) < 0).forEach(({ itemId, at }) => pulls.set(itemId as ItemId, -fading(at)));
  for (const { kind, target, at } of controls) {
    if (kind === 'LESS_LIKE_ITEM') pulls.set(target as ItemId, -fading(at));
    if (kind === 'MORE_LIKE_ITEM') pulls.set(target as ItemId, fading(at));
  }
  const hiddenTopics = new Set(
    controls.filter(({ kind }) => kind === 'HIDE_TOPIC').map(({ target }) => target),
  );
  const lessOf = new Set([...pulls].filter(([, strength]) => strength < 0).map(([id]) => id));
  return { profiled, history: historyOf(events, lessOf), hidden, hiddenTopics, pulls, facets };
}

/** Newest first in, oldest first out; what was later disliked or hidden is no longer something the person wanted. */
function historyOf(newestFirst: readonly FeedbackEvent[], lessOf: ReadonlySet<ItemId>): HistoryEntry[] {
  const seen = new Set<ItemId>();
  const history: HistoryEntry[] = [];
  for (const event of newestFirst) {
    const { itemId } = event;
    if (itemId === null || polarity(event) <= 0 || seen.has(itemId) || lessOf.has(itemId)) continue;
    seen.add(itemId);
    history.push({ eventId: event.id, itemId, at: event.at, action: actionOf(event) });
    if (history.length === MAX_HISTORY) break;
  }
  return history.reverse();
}
