import { DomainError } from '../domain/errors.js';
import type { PersonId, ReferenceId } from '../domain/ids.js';
import type { ReferenceRole } from '../domain/imaging/picture-kind.js';
import type { ReferencePicture } from '../domain/reference.js';
import type { Stores } from './ports/stores.js';

type Asked = readonly { readonly id: ReferenceId; readonly role: ReferenceRole }[];

/** The reference pictures of the person, each with its bytes stored and consented to for this role; NOT_FOUND otherwise. */
export async function requireReferences(
  stores: Pick<Stores, 'references'>,
  personId: PersonId,
  asked: Asked,
): Promise<ReferencePicture[]> {
  return Promise.all(
    asked.map(async ({ id, role }) => {
      const found = await stores.references.byId(id);
      if (found?.personId === personId && found.storedAt !== null && found.role === role) return found;
      throw new DomainError(
        'NOT_FOUND',
        `reference: an uploaded ${role} picture of yours was wanted, there is none`,
        {
          path: ['input', 'reference'],
        },
      );
    }),
  );
}
