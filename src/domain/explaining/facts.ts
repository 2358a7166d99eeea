import type { EventType } from '../event.js';

/** A stored fact about one recommendation, gathered before anything is said: the only material a writer may use. */
export type Fact =
  | {
      readonly kind: 'INTERACTION';
      readonly eventId: string;
      readonly itemId: string;
      readonly title: string;
      readonly did: EventType;
      /** Share of the item's score that leaving this event out would take away, in (0, 1]. */
      readonly contribution: number;
    }
  | {
      readonly kind: 'NEIGHBOUR';
      readonly itemId: string;
      readonly title: string;
      /** People who wanted both; at least K_ANONYMITY_FLOOR. */
      readonly cohortSize: number;
      /** Share of the people who wanted the cause that wanted this item as well. */
      readonly overlap: number;
    }
  | {
      readonly kind: 'ATTRIBUTE';
      readonly itemId: string;
      readonly attribute: string;
      readonly value: string;
      /** How many of the person's last `outOf` wanted items have it too. */
      readonly times: number;
      readonly outOf: number;
    }
  | {
      readonly kind: 'PREFERENCE';
      readonly facetId: string;
      readonly attribute: string;
      readonly value: string;
    }
  | { readonly kind: 'TREND'; readonly window: string; readonly count: number; readonly change: number }
  | { readonly kind: 'EXPLORATION'; readonly policy: string; readonly rate: number }
  | {
      readonly kind: 'REQUEST';
      /** What was asked for, without quotation marks. */
      readonly words: string;
      /** How near the item is to it, in standard deviations over the catalogue. */
      readonly nearness: number;
    };

/** A statement about a group names at least this many people, so that nobody is recognised in it. */
export const K_ANONYMITY_FLOOR = 20;
