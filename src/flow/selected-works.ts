import { DomainError } from '../domain/errors.js';
import type { ItemId, PersonId } from '../domain/ids.js';
import type { WorksPayload } from './jobs.js';
import type { GalleryFilter, GalleryPage, GalleryPlace } from './ports/gallery-stores.js';
import type { Stores } from './ports/stores.js';

/** One bulk job takes this many works. */
export const MOST_WORKS = 5_000;
const PAGE = 100;

type Selected = GalleryPage['works'][number];

/** The works a bulk job is about, page by page, newest first: those named, or all that match; only what the person may see. */
export async function* selectedWorks(
  { gallery }: Pick<Stores, 'gallery'>,
  { personId, itemIds, filter }: WorksPayload,
  narrowing: GalleryFilter = {},
): AsyncGenerator<readonly Selected[]> {
  const asked = { ...withDates(filter ?? {}), ...narrowing };
  let after: GalleryPlace | undefined;
  let count = 0;
  do {
    const place = after === undefined ? {} : { after };
    const among = itemIds === null ? {} : { among: itemIds };
    const page: GalleryPage = await gallery.page(personId, asked, {
      order: 'NEWEST',
      first: PAGE,
      ...place,
      ...among,
    });
    if (page.works.length > 0) yield page.works;
    count += page.works.length;
    after = page.hasNext ? page.works.at(-1)?.place : undefined;
  } while (after !== undefined && count < MOST_WORKS);
}

/** Ids of all of them: for jobs that change what they select. */
export async function selectedIds(
  stores: Pick<Stores, 'gallery'>,
  payload: WorksPayload,
): Promise<{ personId: PersonId; ids: ItemId[] }> {
  const ids: ItemId[] = [];
  for await (const works of selectedWorks(stores, payload, { mine: true }))
    ids.push(...works.map(({ itemId }) => itemId));
  return { personId: payload.personId, ids };
}

/** Checks at the door what a job will read later. */
export function assertSelection({ itemIds, filter }: Pick<WorksPayload, 'itemIds' | 'filter'>): void {
  if ((itemIds === null) === (filter === null))
    throw new DomainError('INVALID_INPUT', 'input: either itemIds or filter was wanted, both or none came', {
      path: ['input', 'itemIds'],
    });
  if (itemIds !== null && (itemIds.length === 0 || itemIds.length > MOST_WORKS))
    throw new DomainError(
      'INVALID_INPUT',
      `itemIds: 1 to ${MOST_WORKS} were wanted, ${itemIds.length} came`,
      {
        path: ['input', 'itemIds'],
      },
    );
}

function withDates(filter: Readonly<Record<string, unknown>>): GalleryFilter {
  const dates = ['createdAfter', 'createdBefore'].flatMap((field) => {
    const text = filter[field];
    return typeof text === 'string' ? [[field, new Date(text)] as const] : [];
  });
  return { ...filter, ...Object.fromEntries(dates) };
}
