import type { SafetyVerdict } from './safety/safety-verdict.js';
import type { ItemId, JobId, MediaHash, ModelVersionId, PersonId } from './ids.js';

/** Everything needed to make the same picture again, and to show what was used. */
export interface Recipe {
  readonly prompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  readonly width: number;
  readonly height: number;
  readonly style: string | null;
  /** Labels of the taste facets that went into the brief; empty when not personalised. */
  readonly facets: readonly string[];
  /** Real items near the imagined one that the brief was made from; absent where words or recent choices gave it. */
  readonly nearest?: readonly ItemId[];
  /** The colours that it shares with the others of its bundle; absent where it is of none. */
  readonly palette?: readonly string[];
  /** Strength in (0, 1] when made from another picture. */
  readonly strength: number | null;
  readonly provider: string;
  readonly model: string;
}

/** Something generated: the part that a plain item does not have. The item itself carries title, topics and picture. */
export interface Work {
  readonly itemId: ItemId;
  readonly authorId: PersonId;
  readonly jobId: JobId;
  /** Position among the outputs of its job, from 0. */
  readonly index: number;
  readonly kind: 'IMAGE' | 'VARIATION' | 'SUBJECT' | 'TRY_ON' | 'UPSCALE' | 'BUNDLE';
  readonly recipe: Recipe;
  readonly recipeShared: boolean;
  readonly parentId: ItemId | null;
  readonly basedOn: readonly ItemId[];
  readonly contentHash: MediaHash;
  /** What was signed of the original, as a compact JWS that the file carries too; null in rows of before. */
  readonly manifest: string | null;
  /** What the checks said before anybody saw it; null in rows of before. */
  readonly verdicts: readonly SafetyVerdict[] | null;
  readonly modelVersionId: ModelVersionId | null;
  readonly createdAt: Date;
}
