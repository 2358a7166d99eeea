import { DomainError } from '../domain/errors.js';
import type { ReferenceId } from '../domain/ids.js';
import type { Ports } from './ports.js';

/** The bytes of a reference picture: cleaned, then kept, then said to be there. A second upload to the same place is refused. */
export async function storeUpload(
  { stores, clock, pictures, references }: Pick<Ports, 'stores' | 'clock' | 'pictures' | 'references'>,
  id: ReferenceId,
  bytes: Uint8Array,
): Promise<void> {
  const row = await stores.references.byId(id);
  if (row === null) throw new DomainError('NOT_FOUND', 'this place for a picture is no longer there');
  if (row.storedAt !== null) throw new DomainError('CONFLICT', 'the picture has come already');
  const { bytes: clean, ...facts } = await pictures.cleanUpload(bytes);
  await references.put(id, clean);
  const isFirst = await stores.references.stored(id, { ...facts, at: clock.now() });
  // deleted while it was decoded: a row that is gone must not leave its bytes
  if (!isFirst && (await stores.references.byId(id)) === null) await references.delete(id);
}
