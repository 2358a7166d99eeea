import type { CatalogueId, ModelVersionId, PersonId } from './ids.js';

export type ModelRole = 'RANKER' | 'IMAGE_GENERATOR' | 'EXPLAINER' | 'EMBEDDER';
export type ModelState = 'CANDIDATE' | 'SHADOW' | 'LIVE' | 'RETIRED';

export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly slice?: string;
  /** People it was measured on. */
  readonly n: number;
}

/** One trained model. Exactly one ranker per catalogue is LIVE; every answer names the one that made it. */
export interface ModelVersion {
  readonly id: ModelVersionId;
  readonly catalogueId: CatalogueId | null;
  readonly family: string;
  readonly version: string;
  readonly role: ModelRole;
  readonly state: ModelState;
  readonly trainedAt: Date;
  /** SHA-256 of the events and items it learned from, in hex. */
  readonly dataSnapshot: string;
  /** Null for models that were made before this was kept. */
  readonly learned: Learned | null;
  /** What differed from the rule when it was made. */
  readonly recipe: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly card: string;
  readonly metrics: readonly Metric[];
  /** Content hash of the artefact in the blob store. */
  readonly artefact: string | null;
}

/** How much a model learned from. */
export interface Learned {
  readonly people: number;
  readonly events: number;
  readonly items: number;
  /** Time of the newest event, as ISO text: what came after it, the model cannot have seen. */
  readonly until: string;
  /** Time of the newest event that the trunk was taught, where codes and counts learned later ones: a refresh leaves the trunk alone. */
  readonly lessonsUntil?: string;
  /** The model whose weights it started from; null for a fresh start. */
  readonly startedFrom: ModelVersionId | null;
}

/** Who moved a model: a training by the rule, an operator over GraphQL, or whoever may run commands on the machine. */
export type ModelActor = 'TRAINING' | 'OPERATOR' | 'COMMAND';

/** Why a model is moved, as it is stored with the move. */
export interface MoveCause {
  readonly actor: ModelActor;
  readonly personId: PersonId | null;
  readonly reason: string;
  readonly at: Date;
}

/** One stored change of state. */
export interface ModelTransition extends MoveCause {
  readonly modelVersionId: ModelVersionId;
  readonly from: ModelState;
  readonly to: ModelState;
  /** The model that this promotion retired. */
  readonly replacedId: ModelVersionId | null;
}
