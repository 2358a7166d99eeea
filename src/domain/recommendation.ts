import type { CatalogueId, ExplanationId, ItemId, ModelVersionId, PersonId, RequestId } from './ids.js';

export type Surface = 'HOME' | 'DETAIL' | 'SEARCH' | 'GALLERY' | 'EMAIL' | 'CONVERSATION' | 'CUSTOM';
export type CandidateSource =
  | 'COLLABORATIVE'
  | 'SEQUENCE'
  | 'GENERATIVE'
  | 'CONTENT_SIMILARITY'
  | 'TRENDING'
  | 'NEW'
  | 'STATED_PREFERENCE'
  | 'FALLBACK';

/** One place in an answer, with all that a reason or a later audit needs. */
export interface Served {
  readonly itemId: ItemId;
  readonly position: number;
  readonly score: number;
  readonly sources: readonly CandidateSource[];
  readonly explored: boolean;
  /** Probability with which this item could have stood here under the exploration policy. */
  readonly propensity: number;
  /** How near it is to the words of the request, in deviations over the catalogue; absent where it is not near. */
  readonly nearness?: number;
}

/** An answer as it was given: the snapshot that endless scrolling, events and audits refer to. */
export interface ServedRequest {
  readonly id: RequestId;
  readonly personId: PersonId;
  readonly catalogueId: CatalogueId;
  readonly surface: Surface;
  readonly modelVersionId: ModelVersionId | null;
  readonly profiled: boolean;
  /** Why a simpler ranker answered; null when the live model did. */
  readonly degraded: string | null;
  /** What the person asked for in their own words; absent or null: nothing in particular. */
  readonly request?: string | null;
  /** The history (wanted items, oldest first) that the ranker really read. */
  readonly history: readonly HistoryEntry[];
  readonly entries: readonly Served[];
  readonly createdAt: Date;
}

export interface HistoryEntry {
  readonly eventId: string;
  readonly itemId: ItemId;
  readonly at: Date;
  /** What was done, by the numbers of `actionOf`; answers stored before there were any have none. */
  readonly action?: number;
}

/** A stored fact that supports one claim. */
export type Evidence =
  | { readonly kind: 'INTERACTION'; readonly eventId: string; readonly itemId: ItemId }
  | {
      readonly kind: 'ATTRIBUTE';
      readonly itemId: ItemId;
      readonly attribute: string;
      readonly value: string;
    }
  | {
      readonly kind: 'NEIGHBOUR';
      readonly itemId: ItemId;
      readonly cohortSize: number;
      readonly overlap: number;
    }
  | { readonly kind: 'TREND'; readonly window: string; readonly count: number; readonly change: number }
  | {
      readonly kind: 'PREFERENCE';
      readonly facetId: string;
      readonly attribute: string;
      readonly value: string;
    }
  | { readonly kind: 'EXPLORATION'; readonly policy: string; readonly rate: number }
  | { readonly kind: 'REQUEST'; readonly words: string; readonly nearness: number };

/** One sentence-sized statement with the facts behind it; one without evidence is never shown. */
export interface Claim {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly evidence: readonly Evidence[];
  /** Share of the score that leaving this signal out would take away; null where that is not defined. */
  readonly contribution: number | null;
}

export type ControlAction =
  'MORE_LIKE_THIS' | 'LESS_LIKE_THIS' | 'FORGET_SIGNAL' | 'HIDE_TOPIC' | 'TURN_OFF_PROFILING';

export interface ReasonControl {
  readonly label: string;
  readonly action: ControlAction;
  /** Item id, event id, topic, or the person's own id for TURN_OFF_PROFILING. */
  readonly targetId: string;
}

export interface Explanation {
  readonly id: ExplanationId;
  readonly requestId: RequestId;
  readonly personId: PersonId;
  readonly itemId: ItemId;
  readonly style: 'SHORT' | 'FULL' | 'COUNTERFACTUAL' | 'TECHNICAL';
  readonly locale: string;
  readonly text: string;
  readonly claims: readonly Claim[];
  readonly groundedShare: number;
  readonly controls: readonly ReasonControl[];
  readonly createdAt: Date;
}
