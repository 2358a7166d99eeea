import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

/** A person of the embedding application, under its own id; made on first sight, the same one ever after. */
export async function ensurePerson(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  { externalId, displayName }: Pick<Person, 'externalId' | 'displayName'>,
): Promise<Person> {
  const known = await stores.people.byExternalId(externalId);
  if (known !== null) return known;
  const now = clock.now();
  const consent = { personalisation: true, trainingUse: true, recordedAt: now };
  return stores.people.ensure({
    externalId,
    displayName,
    kind: 'KNOWN',
    about: null,
    consent,
    createdAt: now,
  });
}
