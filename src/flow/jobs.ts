import type { RankerRecipe } from '../domain/ranking/recipe.js';
import type { CatalogueId, ItemId, JobId, PersonId, ReferenceId } from '../domain/ids.js';
import type { BundlePlan } from '../domain/imaging/bundle.js';
import type { ReferenceRole } from '../domain/imaging/picture-kind.js';
import type { PictureTraining } from './ports/picture-trainer.js';
import type { Work } from '../domain/work.js';

export interface GeneratePicturesPayload {
  readonly personId: PersonId;
  readonly catalogueId: CatalogueId;
  /** The person's own words; null asks for a picture from the taste profile alone. */
  readonly brief: string | null;
  readonly style: string | null;
  readonly count: number;
  readonly personalise: boolean;
  /** Absent in rows written before there were kinds, as are the next two. */
  readonly kind?: Work['kind'];
  /** What the pictures of a bundle share; absent for every other kind. */
  readonly bundle?: BundlePlan;
  readonly strength?: number | null;
  /** Looked up again when the job runs: what was deleted meanwhile is not sent. */
  readonly reference?: readonly { readonly id: ReferenceId; readonly role: ReferenceRole }[];
  readonly remixOf: ItemId | null;
  readonly basedOn: readonly ItemId[];
  readonly seed: number;
  readonly visibility: 'PRIVATE' | 'UNLISTED' | 'PUBLIC';
}

export interface ImportCataloguePayload {
  readonly format: string;
  readonly path: string;
}

export interface TrainRankerPayload {
  readonly catalogueId: CatalogueId;
  readonly seed: number;
  /** Wall-clock limit of the trainable parts, in seconds. */
  readonly budgetSeconds: number;
  /** What differs from the rule. */
  readonly recipe?: RankerRecipe;
}

export interface RefreshCodesPayload {
  readonly catalogueId: CatalogueId;
  readonly seed: number;
  /** Wall-clock limit of fitting the decoder to the new codes, in seconds. */
  readonly budgetSeconds: number;
}

/** Works chosen by hand, or all that match a filter when the job begins. */
export interface WorksPayload {
  readonly personId: PersonId;
  readonly itemIds: readonly ItemId[] | null;
  /** As JSON keeps it: dates are text. */
  readonly filter: Readonly<Record<string, unknown>> | null;
}

export interface TagWorksPayload extends WorksPayload {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}
/** A training at a provider; see PictureTraining. */
export type TrainPicturesPayload = PictureTraining;

/** Every kind of background work and what it carries. Add a line here and the compiler asks for the handler. */
export interface JobPayloads {
  'generate-pictures': GeneratePicturesPayload;
  'import-catalogue': ImportCataloguePayload;
  'train-ranker': TrainRankerPayload;
  'evaluate-ranker': TrainRankerPayload;
  'refresh-codes': RefreshCodesPayload;
  'tag-works': TagWorksPayload;
  'delete-works': WorksPayload;
  'export-works': WorksPayload;
  'train-pictures': TrainPicturesPayload;
}
export type JobName = keyof JobPayloads;

/** What the queue itself carries: the row in the store is the truth, the message only says which row. */
export interface QueuedJob {
  readonly jobId: JobId;
}
