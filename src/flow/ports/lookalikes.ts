import type { ItemId, PersonId } from '../../domain/ids.js';

/** What is looked for: a picture's look, or the meaning of words; both give resemblance. */
export type Likeness = { readonly look: Int8Array } | { readonly meaning: Float32Array };

export interface Lookalikes {
  /** Works that the viewer may see, most alike first, with their resemblance. */
  nearest(viewerId: PersonId, like: Likeness, limit: number): Promise<{ itemId: ItemId; score: number }[]>;
}
