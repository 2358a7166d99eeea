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
    await tx.profiles.hold(viewer.id); // two tabs that change the same facets in other orders would wait for each other
    const existing = new Map((await tx.profiles.facets(viewer.id)).map((facet) => [facet.id, facet]));
    for (const change of changes) await applyChange(tx, viewer, existing, { change, at: ports.clock.now() });
  });
  return tasteProfile(ports, viewer);
}

interface Check {
  readonly field: string;
  readonly fails: (change: FacetChange) => boolean;
  readonly message: string;
}

const CHECKS: readonly Check[] = [
  {
    field: 'label',
    fails: ({ facetId, label = '' }) => facetId === undefined && label.trim() === '',
    message: 'a facetId or a label was wanted, neither came',
  },
  {
    field: 'label',
    fails: ({ label = '' }) => label.length > 80,
    message: 'label: at most 80 characters were wanted, more came',
  },
  {
    field: 'weight',
    fails: ({ weight = 0 }) => !(weight >= -1 && weight <= 1),
    message: 'weight: a number from -1 to 1 was wanted, another came',
  },
];

function assertSound(change: FacetChange, index: number): void {
  const broken = CHECKS.find(({ fails }) => fails(change));
  if (broken)
    throw new DomainError('INVALID_INPUT', broken.message, { path: ['input', String(index), broken.field] });
}

async function applyChange(
  tx: Stores,
  viewer: Person,
  existing: ReadonlyMap<FacetId, Facet>,
  { change, at }: { change: FacetChange; at: Date },
): Promise<void> {
  if (change.facetId === undefined) {
    await tx.profiles.saveFacet(stated({ ...NEW_FACET, personId: viewer.id }, change, at));
    return;
  }
  const known = existing.get(change.facetId);
  if (known === undefined)
    throw new DomainError('NOT_FOUND', 'no facet of yours has this id', { path: ['input', 'facetId'] });
  if (change.remove === true) await tx.profiles.removeFacet(viewer.id, known.id);
  else await tx.profiles.saveFacet({ ...stated(known, change, at), id: known.id });
}

const NEW_FACET = { attribute: 'topic', value: '', weight: 0.5, pinned: true } as const;

function stated(
  base: Pick<Facet, 'attribute' | 'value' | 'weight' | 'pinned' | 'personId'>,
  { label, attribute, weight, pinned }: FacetChange,
  at: Date,
): Omit<Facet, 'id'> {
  return {
    personId: base.personId,
    attribute: attribute ?? base.attribute,
    value: (label ?? base.value).trim().toLowerCase(),
    weight: weight ?? base.weight,
    origin: 'STATED',
    pinned: pinned ?? base.pinned,
    updatedAt: at,
  };
}
