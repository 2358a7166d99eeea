import type { CatalogueId, ItemId, ReferenceId } from '../domain/ids.js';
import type { ReferenceRole } from '../domain/imaging/picture-kind.js';
import type { Person } from '../domain/person.js';
import type { Work } from '../domain/work.js';

/** What a person asks for. */
export interface GenerateInput {
  readonly viewer: Person;
  readonly idempotencyKey: string;
  readonly kind: Work['kind'];
  readonly brief: string | null;
  readonly basedOn: readonly ItemId[];
  readonly remixOf: ItemId | null;
  /** How much of the picture that it starts from to give up, in (0, 1]; null: as much as a remix does. */
  readonly strength: number | null;
  readonly reference: readonly { readonly id: ReferenceId; readonly role: ReferenceRole }[];
  readonly count: number;
  readonly personalise: boolean;
  readonly style: string | null;
  readonly seed: number | null;
  readonly deadlineSeconds: number | null;
  readonly visibility: 'PRIVATE' | 'UNLISTED' | 'PUBLIC';
  readonly catalogueId: CatalogueId | null;
}
