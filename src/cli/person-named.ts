import { DomainError } from '../domain/errors.js';
import type { Person } from '../domain/person.js';
import type { Deps } from '../wire.js';

/** The person that a command's `--person` means. */
export async function personNamed({ ports }: Pick<Deps, 'ports'>, externalId: string): Promise<Person> {
  const person = await ports.stores.people.byExternalId(externalId);
  if (person !== null) return person;
  throw new DomainError('NOT_FOUND', `person: a known external id was wanted, "${externalId}" came`, {
    path: ['person'],
  });
}
