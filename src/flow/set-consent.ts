import type { Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import { tasteProfile, type TasteProfile } from './taste-profile.js';

/** Switches profiling or training use on or off, effective from the next answer (DSA art. 38). */
export async function setConsent(
  ports: Pick<Ports, 'stores' | 'clock'>,
  viewer: Person,
  change: { readonly personalisation?: boolean; readonly trainingUse?: boolean },
): Promise<TasteProfile> {
  const person = (await ports.stores.people.byId(viewer.id)) ?? viewer;
  await ports.stores.people.setConsent(viewer.id, {
    personalisation: change.personalisation ?? person.consent.personalisation,
    trainingUse: change.trainingUse ?? person.consent.trainingUse,
    recordedAt: ports.clock.now(),
  });
  return tasteProfile(ports, viewer);
}
