import type { PersonId } from '../domain/ids.js';
import type { Ports } from './ports.js';

/** Takes back one of the person's own events; rankers forget it with the next answer. False when there is none. */
export function undoEvent(
  { stores, clock }: Pick<Ports, 'stores' | 'clock'>,
  personId: PersonId,
  clientEventId: string,
): Promise<boolean> {
  return stores.events.undo(personId, clientEventId, clock.now());
}
