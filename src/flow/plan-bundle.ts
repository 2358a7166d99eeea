import {
  type BundlePlan,
  choosePalette,
  namedSubjects,
  subjectsFor,
  withoutColour,
} from '../domain/imaging/bundle.js';
import { briefColours } from '../domain/imaging/brief-colours.js';
import type { CatalogueId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import { cosine } from '../domain/ranking/steer.js';
import { seededRandom } from '../domain/random.js';
import type { Ports } from './ports.js';

type PlanPorts = Pick<Ports, 'text' | 'rankers'>;

interface BundleWish {
  readonly brief: string | null;
  readonly style: string | null;
  readonly count: number;
  readonly seed: number;
  readonly catalogueId: CatalogueId;
}

/** Near items that vote for a style when none was asked for; subjects beyond the first few stray from the theme. */
const VOTERS = 20;

/**
 * Palette, style and subjects of a bundle, chosen once and kept with the job: an attempt that goes on, and a retry, draw the same set. A brief
 * that names several things is taken at its word; otherwise the subjects are the real items nearest to it.
 */
export async function planBundle(ports: PlanPorts, wish: BundleWish): Promise<BundlePlan> {
  const brief = (wish.brief ?? '').trim();
  const palette = choosePalette(brief, seededRandom(wish.seed));
  const { words } = briefColours(brief);
  if (words === '') return { palette, style: wish.style, subjects: [] };
  const named = namedSubjects(brief);
  const near = await nearItems(ports, words, wish.catalogueId);
  const titles = named.length >= wish.count ? [] : near.map(({ title }) => withoutColour(title));
  const subjects = subjectsFor(wish.count, named, titles.length === 0 ? [words] : titles);
  return { palette, style: wish.style ?? commonStyle(near.slice(0, VOTERS)), subjects };
}

/** Nearest first, by meaning; none where no text of the catalogue was read yet. */
async function nearItems(
  { text, rankers }: PlanPorts,
  words: string,
  catalogueId: CatalogueId,
): Promise<Item[]> {
  const [asked = new Float32Array()] = await text.encode([words]);
  const { items, vectors } = await rankers.view(catalogueId);
  const scored = [...vectors].flatMap(([id, vector]) => {
    const item = items.get(id);
    return item === undefined || item.origin === 'GENERATED'
      ? []
      : [{ item, nearness: cosine(asked, vector) }];
  });
  return scored.sort((a, b) => b.nearness - a.nearness).map(({ item }) => item);
}

/** The style that most of them have; null where the catalogue names none. */
function commonStyle(items: readonly Item[]): string | null {
  const counts = new Map<string, number>();
  for (const { attributes } of items) {
    const style = attributes['style'];
    if (style !== undefined) counts.set(style, (counts.get(style) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}
