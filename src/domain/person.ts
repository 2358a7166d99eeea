import type { FacetId, ItemId, PersonId } from './ids.js';

/** Whoever a page is for: a guest session, a known person, or a member of the simulated demo audience. */
export interface Person {
  readonly id: PersonId;
  /** The id in the embedding application; unique. Guests have a random one. */
  readonly externalId: string;
  readonly displayName: string;
  readonly kind: 'GUEST' | 'KNOWN' | 'SIMULATED';
  /** One line in the person's words, shown in the demo's person chooser. */
  readonly about: string | null;
  readonly consent: Consent;
  readonly createdAt: Date;
}

export interface Consent {
  /** Off: nothing about the person is used for ranking (DSA art. 38). */
  readonly personalisation: boolean;
  readonly trainingUse: boolean;
  readonly recordedAt: Date;
}

export type FacetOrigin = 'STATED' | 'OBSERVED' | 'INFERRED' | 'IMPORTED';

/** One editable belief about a person's taste: an attribute value (or topic) with a weight in [-1, 1]. */
export interface Facet {
  readonly id: FacetId;
  readonly personId: PersonId;
  /** 'topic' or the name of an item attribute. */
  readonly attribute: string;
  readonly value: string;
  readonly weight: number;
  readonly origin: FacetOrigin;
  readonly pinned: boolean;
  readonly updatedAt: Date;
}

/** What a person told us to stop: hidden items never return, demoted ones pull down what resembles them. */
export interface Control {
  readonly personId: PersonId;
  readonly kind: 'HIDE_ITEM' | 'LESS_LIKE_ITEM' | 'MORE_LIKE_ITEM' | 'HIDE_TOPIC' | 'FORGET_SIGNAL';
  /** An item id, or a topic, or an event id for FORGET_SIGNAL. */
  readonly target: ItemId | string;
  readonly at: Date;
}
