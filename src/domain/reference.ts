import type { ReferenceId, PersonId } from './ids.js';
import type { ReferenceRole } from './imaging/picture-kind.js';

/** A picture that a person gave to be drawn from: theirs alone, with the sentence they agreed to. */
export interface ReferencePicture {
  readonly id: ReferenceId;
  readonly personId: PersonId;
  readonly role: ReferenceRole;
  /** As it was shown to the person who agreed to it. */
  readonly consentText: string;
  readonly consentedAt: Date;
  readonly createdAt: Date;
  readonly uploadExpiresAt: Date;
  /** Null until the bytes have come; so are the facts about them. */
  readonly storedAt: Date | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Whether the bytes that came said that a model had made them. */
  readonly aiMarked: boolean | null;
}
