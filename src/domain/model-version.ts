import type { CatalogueId, ModelVersionId } from './ids.js';

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
  /** Hash of the events and items it learned from. */
  readonly dataSnapshot: string;
  readonly seed: number;
  readonly card: string;
  readonly metrics: readonly Metric[];
  /** Content hash of the artefact in the blob store. */
  readonly artefact: string | null;
}
