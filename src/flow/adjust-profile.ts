import { DomainError } from '../domain/errors.js';
import type { FacetId } from '../domain/ids.js';
import type { Facet, Person } from '../domain/person.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';
import { tasteProfile, type TasteProfile } from './taste-profile.js';

export interface FacetChange {
  readonly facetId?: FacetId;
  readonly label?: string;
  readonly attribute?: string;
  readonly weight?: number;
  readonly pinned?: boolean;
  readonly remove?: boolean;
}

/** Lets a person edit what is believed about them: all changes together, or none. What they state outranks what was observed. */
export async function adjustProfile(
  ports: Pick<Ports, 'stores' | 'transaction' | 'clock'>,
  viewer: Person,
  changes: readonly FacetChange[],
): Promise<TasteProfile> {
  if (changes.length === 0 || changes.length > 50)
    throw new DomainError('INVALID_INPUT', `1 to 50 changes were wanted, ${changes.length} came`, {
      path: ['input'],
    });
  changes.forEach(assertSound);
  await ports.transaction(async (tx) => {
    const existing = new Map((await tx.profiles.facets(viewer.id)).map((facet) => [facet.id, facet]));
    for (const change of changes) await applyChange(tx, viewer, existing, { change, at: ports.clock.now() });
  });
  return tasteProfile(ports, viewer);
}

function assertSound({ facetId, label, weight }: FacetChange, index: number): void {
  const wrong = (message: string, field: string) => {
    throw new DomainError('INVALID_INPUT', message, { path: ['input', String(index), field] });
  };
  if (facetId === undefined && (label ?? '').trim() === '')
    wrong('a facetId or a label was wanted, neither came', 'label');
  if ((label ?? '').length > 80)
    wrong(`label: at most 80 characters were wanted, ${label?.length ?? 0} came`, 'label');
  if (weight !== undefined && !(weight >= -1 && weight <= 1))
    wrong(`weight: -1 to 1 was wanted, ${weight} came`, 'weight');
}

async function applyChange(
  tx: Stores,
  viewer: Person,
  existing: ReadonlyMap<FacetId, Facet>,
  { change, at }: { change: FacetChange; at: Date },
): Promise<void> {
  const known = change.facetId === undefined ? undefined : existing.get(change.facetId);
  if (change.facetId !== undefined && known === undefined)
    throw new DomainError('NOT_FOUND', 'no facet of yours has this id', { path: ['input', 'facetId'] });
  if (known !== undefined && change.remove === true) {
    await tx.profiles.removeFacet(viewer.id, known.id);
    return;
  }
  await tx.profiles.saveFacet({
    ...(known ? { id: known.id } : {}),
    personId: viewer.id,
    attribute: change.attribute ?? known?.attribute ?? 'topic',
    value: (change.label ?? known?.value ?? '').trim().toLowerCase(),
    weight: change.weight ?? known?.weight ?? 0.5,
    origin: 'STATED',
    pinned: change.pinned ?? known?.pinned ?? true,
    updatedAt: at,
  });
}
