import { DomainError } from '../domain/errors.js';
import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { ModelVersion } from '../domain/model-version.js';
import type { Person } from '../domain/person.js';
import type { ImaginedItem } from '../domain/ranking/imagined-item.js';
import {
  type FactCounts,
  factCounts,
  type SharedFacet,
  sharedFacets,
} from '../domain/ranking/shared-facets.js';
import type { Ports } from './ports.js';
import type { RankerPool, RankingView } from './ranking-view.js';
import { viewAndSignals } from './recommend.js';
import { showableItems } from './showable-items.js';
import type { ViewerSignals } from './viewer-signals.js';

export interface ImagineInput {
  readonly viewer: Person;
  /** Null: the first catalogue. */
  readonly catalogueId: CatalogueId | null;
  /** Real items to name, 1 to 100. */
  readonly first: number;
}

/** The ideal next item of a person: a vector that may be of nothing real, and what exists around it. */
export interface Imagined extends Omit<ImaginedItem, 'nearest'> {
  readonly nearest: readonly { readonly item: Item; readonly similarity: number; readonly seen: boolean }[];
  /** What the nearest items share more than the catalogue does, most telling first. */
  readonly facets: readonly SharedFacet[];
  readonly model: ModelVersion | null;
}

export type ImaginePorts = Pick<Ports, 'stores' | 'clock'> & { readonly rankers: RankerPool };

const MOST = 100;
/** What was seen may be named, and is marked; what is unwanted may not. */
const ANYTHING = { includeSeen: true, allowGenerated: true, topics: null } as const;

/** Imagine: what this person would want next if it could be anything. Uses what they did, so it is refused where profiling is off. */
export async function imagine(ports: ImaginePorts, input: ImagineInput): Promise<Imagined> {
  const { viewer, first } = input;
  if (!Number.isInteger(first) || first < 1 || first > MOST)
    throw new DomainError('INVALID_INPUT', `first: 1 to ${MOST} was wanted, ${first} came`, {
      path: ['first'],
      constraint: `1..${MOST}`,
    });
  if (!viewer.consent.personalisation)
    throw new DomainError(
      'FORBIDDEN',
      'consent to personalisation was wanted, this person has switched it off',
    );
  const [view, signals] = await viewAndSignals(ports, { ...input, withoutProfiling: false });
  const imagined = await around(view, signals, first);
  if (imagined !== null) return imagined;
  throw new DomainError('CONFLICT', reason(view, signals), { path: ['catalogueId'] });
}

/** Null where there is nothing to imagine with, or from. */
export async function around(
  view: RankingView,
  signals: ViewerSignals,
  count: number,
): Promise<Imagined | null> {
  const { ranker, items, model } = view;
  const history = numbersOf(view, signals);
  const showable = showableItems(view, signals, ANYTHING);
  const itemOf = (number: number) => items.get(ranker.itemIds[number] as ItemId);
  const isAllowed = (number: number) => {
    const item = itemOf(number);
    return item !== undefined && showable.has(item.id);
  };
  const found = await ranker.imagine(history, { isAllowed, count });
  if (found === null) return null;
  const seen = new Set(history);
  const nearest = found.nearest.map(({ item, similarity }) => {
    return { item: itemOf(item) as Item, similarity, seen: seen.has(item) };
  });
  return { ...found, nearest, facets: sharedFacets(nearest, factsOf(view)), model };
}

/** Counted once per view: they go when the pool swaps the view for a newer one. */
const facts = new WeakMap<RankingView, FactCounts>();

function factsOf(view: RankingView): FactCounts {
  const known = facts.get(view) ?? factCounts(view.items.values());
  facts.set(view, known);
  return known;
}

function numbersOf({ numberOf }: RankingView, { history }: ViewerSignals): Int32Array {
  return Int32Array.from(history.flatMap(({ itemId }) => numberOf.get(itemId) ?? []));
}

function reason(view: RankingView, signals: ViewerSignals): string {
  return numbersOf(view, signals).length === 0
    ? 'something that this person wanted in the catalogue was wanted, there is nothing yet to imagine from'
    : 'a live ranker with a trunk or a diffusion part was wanted, the baseline answers: train one first';
}
