import { DomainError } from '../domain/errors.js';
import { fuseRanks } from '../domain/fuse-ranks.js';
import type { ItemId } from '../domain/ids.js';
import { without } from '../domain/without.js';
import type { Person } from '../domain/person.js';
import { lookAtPictures } from './lookalikes.js';
import type { Ports } from './ports.js';
import type { GalleryFilter, GalleryPage, GalleryPlace } from './ports/gallery-stores.js';
import type { Lookalikes } from './ports/lookalikes.js';
import { assertFilter } from './search-gallery.js';
import { maySee } from './visible-items.js';

type RelevancePorts = Pick<Ports, 'stores' | 'pictures' | 'text'> & { readonly lookalikes: Lookalikes };

export interface RelevanceInput {
  readonly viewer: Person;
  readonly filter: GalleryFilter;
  readonly similarTo: ItemId | null;
  readonly first: number;
  readonly after: GalleryPlace | null;
}

export type RelevantPage = GalleryPage & { readonly relevance: ReadonlyMap<ItemId, number> };

/** Of each list the best so many: a person does not scroll further. */
const CANDIDATES = 400;
/** Cosine below which words and a work do not mean the same; as in steer.ts. */
const MEANS = 0.45;
/** Below this two pictures have no more in common than any two. */
const LOOKS = 0.5;

/** Works by how well they fit: like a picture, or like words in letters and in meaning, fused. Filters hold for all of them. */
export async function relevantWorks(ports: RelevancePorts, input: RelevanceInput): Promise<RelevantPage> {
  const { viewer, filter, similarTo, first, after } = input;
  await assertFilter(ports, viewer, filter);
  const ranked =
    similarTo === null ? await byText(ports, viewer, filter) : await byLook(ports, viewer, similarTo);
  const { text, groupVariants, ...others } = filter;
  const asked = similarTo === null || text === undefined ? others : { ...others, text };
  const ids = ranked.map(({ id }) => id);
  const matching = await ports.stores.gallery.matching(viewer.id, asked, ids);
  const found = ranked.filter(({ id }) => matching.has(id));
  const shown = groupVariants === true ? await onePerStack(ports, found) : found;
  const behind = after === null ? shown : shown.filter((one) => isAfter(one, after));
  return pageOf(ports, viewer, behind, first);
}

interface Ranked {
  readonly id: ItemId;
  readonly score: number;
}

async function byText(
  { stores, text: encoder, lookalikes }: RelevancePorts,
  viewer: Person,
  filter: GalleryFilter,
) {
  const text = filter.text?.trim() ?? '';
  if (text === '')
    throw new DomainError('INVALID_INPUT', 'order RELEVANCE: text or similarTo was wanted, neither came', {
      path: ['filter', 'text'],
    });
  const all = without(filter, 'groupVariants');
  const [meaning] = await encoder.encode([text]);
  const [words, near] = await Promise.all([
    stores.gallery.byWords(viewer.id, { ...all, text }, CANDIDATES),
    meaning === undefined ? [] : lookalikes.nearest(viewer.id, { meaning }, CANDIDATES),
  ]);
  const meant = near.filter(({ score }) => score >= MEANS).map(({ itemId }) => itemId);
  return fuseRanks([words, meant]);
}

async function byLook(ports: RelevancePorts, viewer: Person, similarTo: ItemId): Promise<Ranked[]> {
  const { stores, lookalikes } = ports;
  const [item] = await stores.items.byIds([similarTo]);
  if (item === undefined || !maySee(item, viewer.id) || item.mediaHash === null)
    throw new DomainError('NOT_FOUND', 'similarTo: content with a picture was wanted, none has this id', {
      path: ['filter', 'similarTo'],
    });
  const hash = item.mediaHash;
  let look = (await stores.looks.byHashes([hash])).get(hash);
  if (look === undefined && (await lookAtPictures(ports, [hash])) > 0)
    look = (await stores.looks.byHashes([hash])).get(hash);
  if (look === undefined) return [];
  const near = await lookalikes.nearest(viewer.id, { look: Int8Array.from(look) }, CANDIDATES + 1);
  return near
    .filter(({ itemId, score }) => itemId !== similarTo && score >= LOOKS)
    .map(({ itemId, score }) => ({ id: itemId, score: Math.min(1, score) }));
}

async function onePerStack({ stores }: RelevancePorts, found: readonly Ranked[]): Promise<Ranked[]> {
  const stacks = await stores.stacks.idsOf(found.map(({ id }) => id));
  const taken = new Set<string>();
  return found.filter(({ id }) => {
    const stack = stacks.get(id) ?? id;
    if (taken.has(stack)) return false;
    taken.add(stack);
    return true;
  });
}

/** Best first; equals by id, as the lists are. */
const isAfter = ({ id, score }: Ranked, { key, itemId }: GalleryPlace): boolean =>
  score < Number(key) || (score === Number(key) && id < itemId);

async function pageOf(
  { stores }: RelevancePorts,
  viewer: Person,
  behind: readonly Ranked[],
  first: number,
): Promise<RelevantPage> {
  const shown = behind.slice(0, first);
  const ids = shown.map(({ id }) => id);
  const { works } = await stores.gallery.page(
    viewer.id,
    {},
    { order: 'NEWEST', first: Math.max(1, ids.length), among: ids },
  );
  const byId = new Map(works.map((work) => [work.itemId, work]));
  return {
    works: shown.flatMap(({ id, score }) => {
      const work = byId.get(id);
      return work === undefined ? [] : [{ ...work, place: { key: String(score), itemId: id } }];
    }),
    hasNext: behind.length > first,
    relevance: new Map(shown.map(({ id, score }) => [id, score])),
  };
}
