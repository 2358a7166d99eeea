import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';

/** The person behind a guest session; made on first sight, the same one ever after. */
export function ensureGuest(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  externalId: string,
): Promise<Person> {
  const now = clock.now();
  return stores.people.ensure({
    externalId,
    displayName: 'Guest',
    kind: 'GUEST',
    about: null,
    consent: { personalisation: true, trainingUse: true, recordedAt: now },
    createdAt: now,
  });
}
