import type { CatalogueId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Ports } from './ports.js';

const BATCH = 128;

/** Gives every item without one its text vector. Safe to stop and repeat: each batch is stored before the next is read. */
export async function indexItems(
  { stores, text }: Pick<Ports, 'stores' | 'text'>,
  catalogueId: CatalogueId,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress?: (done: number, total: number) => void },
): Promise<number> {
  const total = await stores.items.count(catalogueId);
  let done = 0;
  while (!signal.aborted) {
    const items = await stores.items.withoutVectors(catalogueId, BATCH);
    if (items.length === 0) return done;
    const vectors = await text.encode(items.map(textOf), signal);
    await stores.items.saveVectors(
      new Map(items.map(({ id }, i) => [id, vectors[i] ?? new Float32Array(text.dimensions)])),
    );
    done += items.length;
    onProgress?.(done, total);
  }
  return done;
}

/** Title and topics; the summary only where there are no topics, since encoding takes 22 ms a text and says little more. */
function textOf({ title, topics, summary }: Item): string {
  const more = topics.length > 0 ? topics.slice(0, 12).join(', ') : (summary ?? '');
  return more === '' ? title : `${title}. ${more}`;
}
