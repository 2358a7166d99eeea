import { DomainError } from './errors.js';
import type { ModelState } from './model-version.js';

/**
 * Where a model may go from where it is. A candidate may skip the shadow, since it was tested on held-out people; a retired one
 * comes back by a roll-back or by force. What is live is only ever replaced: a catalogue with a model never falls back to none.
 */
const NEXT: Readonly<Record<ModelState, readonly ModelState[]>> = {
  CANDIDATE: ['SHADOW', 'LIVE', 'RETIRED'],
  SHADOW: ['LIVE', 'CANDIDATE', 'RETIRED'],
  LIVE: [],
  RETIRED: ['LIVE'],
};

/** Refuses a move that the life of a model does not know. */
export function assertMayMove(from: ModelState, to: ModelState): void {
  if (NEXT[from].includes(to)) return;
  const wanted = NEXT[from].join(', ') || 'nothing, until another model replaces it';
  throw new DomainError('CONFLICT', `a ${from} model can become ${wanted}; ${to} was asked for`, {
    path: ['id'],
  });
}
