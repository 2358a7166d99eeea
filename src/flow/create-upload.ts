import { DomainError } from '../domain/errors.js';
import type { ReferenceId } from '../domain/ids.js';
import type { ReferenceRole } from '../domain/imaging/picture-kind.js';
import type { Person } from '../domain/person.js';
import type { ReferencePicture } from '../domain/reference.js';
import { canonicalArguments } from './canonical-arguments.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';

export interface CreateUploadInput {
  readonly viewer: Person;
  readonly idempotencyKey: string;
  readonly role: ReferenceRole;
  /** The sentence as it was shown. */
  readonly consentText: string;
  readonly agreed: boolean;
}

const MAX_REFERENCES = 20;
const MAX_CONSENT = 2_000;
/** Long enough for 20 MB over a slow phone. */
const UPLOAD_MS = 10 * 60_000;
const OPERATION = 'createUpload';

/** A place for one reference picture, once per idempotency key. Without consent there is none: nothing is stored or sent. */
export async function createUpload(
  { transaction, clock, ids }: Pick<Ports, 'transaction' | 'clock' | 'ids'>,
  { viewer, idempotencyKey: key, role, consentText, agreed }: CreateUploadInput,
): Promise<{ readonly reference: ReferencePicture; readonly replayed: boolean }> {
  assertConsent(consentText, agreed);
  return transaction(async (tx) => {
    const at = clock.now();
    const argumentsHash = canonicalArguments({ role, consentText });
    const claim = await tx.idempotency.claim({
      ...{ personId: viewer.id, operation: OPERATION, key, argumentsHash, at },
    });
    if (claim.state === 'replay') {
      const earlier = await tx.references.byId(claim.reference as ReferenceId);
      if (earlier !== null) return { reference: earlier, replayed: true };
      throw new DomainError('CONFLICT', 'the picture of this key was deleted; use a new key for a new one');
    }
    await makeRoom(tx, viewer, at);
    const reference: ReferencePicture = {
      id: ids.next() as ReferenceId,
      personId: viewer.id,
      role,
      consentText,
      consentedAt: at,
      createdAt: at,
      uploadExpiresAt: new Date(at.getTime() + UPLOAD_MS),
      ...{ storedAt: null, width: null, height: null, aiMarked: null },
    };
    await tx.references.create(reference);
    await tx.idempotency.complete(viewer.id, OPERATION, key, reference.id);
    return { reference, replayed: false };
  });
}

function assertConsent(consentText: string, agreed: boolean): void {
  if (!agreed)
    throw new DomainError(
      'INVALID_INPUT',
      'agreed: true was wanted, false came; without consent no picture is stored or sent to a provider',
      { path: ['input', 'agreed'] },
    );
  const length = consentText.trim().length;
  if (length === 0 || length > MAX_CONSENT)
    throw new DomainError(
      'INVALID_INPUT',
      `consentText: the sentence that was agreed to was wanted, 1 to ${MAX_CONSENT} characters, ${length} came`,
      { path: ['input', 'consentText'] },
    );
}

/** Places that nobody used run out; of the others a person has so many. */
async function makeRoom(tx: Stores, viewer: Person, at: Date): Promise<void> {
  const all = await tx.references.ofPerson(viewer.id);
  const unused = all.filter(({ storedAt, uploadExpiresAt }) => storedAt === null && uploadExpiresAt < at);
  for (const { id } of unused) await tx.references.remove(id);
  if (all.length - unused.length < MAX_REFERENCES) return;
  throw new DomainError(
    'QUOTA_EXCEEDED',
    `at most ${MAX_REFERENCES} reference pictures a person, you have ${all.length - unused.length}; delete one`,
    { constraint: `<= ${MAX_REFERENCES}` },
  );
}
