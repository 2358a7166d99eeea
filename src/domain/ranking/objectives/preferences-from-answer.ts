import { type FeedbackEvent, polarity } from '../../event.js';
import type { Preference } from './preference.js';

/** An answer as it was shown, in item numbers, and what the person did with it. */
export interface AnsweredReactions {
  readonly person: number;
  /** What the ranker read, oldest first. */
  readonly history: Int32Array;
  /** Items by place, best first; null where an item is no longer in the catalogue. */
  readonly entries: readonly (number | null)[];
  readonly reactions: readonly (Pick<FeedbackEvent, 'type' | 'value'> & { readonly item: number })[];
}

/**
 * Preferences of one answer. Everything above the last place that got any reaction was looked at, and the place after it too (Joachims
 * et al. 2005: click > skip above, click > no click next); what was looked at and not wanted was passed over. Hidden and disliked items
 * are rejected wherever they stood.
 */
export function preferencesFromAnswer({
  person,
  history,
  entries,
  reactions,
}: AnsweredReactions): Preference[] {
  const saying = (sign: -1 | 1) =>
    new Set(reactions.flatMap((event) => (polarity(event) === sign ? [event.item] : [])));
  const [wanted, unwanted] = [saying(1), saying(-1)];
  const reacted = new Set(reactions.map(({ item }) => item));
  const last = entries.findLastIndex((item) => item !== null && reacted.has(item));
  const looked = entries.slice(0, last + 2).flatMap((item) => (item === null ? [] : [item]));
  const known = new Set(history);
  const rejected = [...new Set([...looked, ...unwanted])].filter(
    (item) => (!wanted.has(item) || unwanted.has(item)) && !known.has(item),
  );
  if (rejected.length === 0 || history.length === 0) return [];
  return [...wanted]
    .filter((item) => !unwanted.has(item) && !known.has(item))
    .map((chosen) => ({ person, history, chosen, rejected: Int32Array.from(rejected) }));
}
