import { DomainError } from '../domain/errors.js';
import type { Person } from '../domain/person.js';
import type { Work } from '../domain/work.js';
import { countMessage, fitsCount } from './generate-checks.js';
import { offerFor, pictureKindOf } from './picture-kind-of.js';
import type { Ports } from './ports.js';

/** Money in millionths of a US dollar. */
export interface Estimate {
  /** The most that it can cost: fewer kept pictures, or a cheaper provider, cost less. */
  readonly amount: number;
  readonly leftToday: number;
  readonly model: string;
}

/** What pictures would cost this person, before they are asked for. */
export async function estimateGeneration(
  {
    stores,
    clock,
    imageMaker,
    pictureBudget,
  }: Pick<Ports, 'stores' | 'clock' | 'imageMaker' | 'pictureBudget'>,
  viewer: Person,
  { kind, count }: { readonly kind: Work['kind']; readonly count: number },
): Promise<Estimate> {
  if (!fitsCount(kind, count))
    throw new DomainError('INVALID_INPUT', countMessage(kind, count), { path: ['count'] });
  const { price, model } = offerFor(imageMaker, pictureKindOf({ kind, remixOf: null }));
  const spent = await stores.costs.spent(viewer.id, clock.now());
  return { amount: price * count, leftToday: Math.max(0, pictureBudget - spent), model };
}
