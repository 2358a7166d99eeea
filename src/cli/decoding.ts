import type { Item } from '../domain/item.js';
import { findByFacets } from '../flow/find-by-facets.js';
import { generateList } from '../flow/generate-list.js';
import { groundWords } from '../flow/ground-words.js';
import type { Recommended } from '../flow/recommend.js';
import { catalogueFor } from '../flow/train-ranker.js';
import type { Deps } from '../wire.js';
import { personNamed } from './person-named.js';

export interface DecodingOptions {
  readonly person: string;
  readonly catalogue?: string;
  readonly first: number;
}

/** `vitrine find WORDS`: items whose own titles, topics or attributes hold the words, and where. */
export async function findCommand(deps: Deps, text: string, options: DecodingOptions): Promise<void> {
  const answer = await findByFacets(deps.ports, {
    ...(await askingOf(deps, options)),
    text,
    first: options.first,
  });
  await tell(deps, answer, ({ id }) =>
    (answer.found.get(id) ?? []).map(({ attribute, words }) => `${attribute}: ${words}`).join('; '),
  );
}

/** `vitrine ground WORDS`: the real items that the words come nearest to in meaning. */
export async function groundCommand(deps: Deps, text: string, options: DecodingOptions): Promise<void> {
  const asking = await askingOf(deps, options);
  await tell(deps, await groundWords(deps.ports, { ...asking, text, first: options.first }), topicsOf);
}

/** `vitrine session`: a list made as one for a person. */
export async function sessionCommand(deps: Deps, options: DecodingOptions): Promise<void> {
  const asking = await askingOf(deps, options);
  await tell(deps, await generateList(deps.ports, { ...asking, length: options.first }), topicsOf);
}

const topicsOf = ({ topics }: Item) => topics.slice(0, 4).join(', ');

async function askingOf(deps: Deps, { person, catalogue }: DecodingOptions) {
  const viewer = await personNamed(deps, person);
  return { viewer, catalogueId: await catalogueFor(deps.ports, catalogue), withoutProfiling: false };
}

async function tell(
  { ports }: Deps,
  { page, request, servedInMs }: Recommended,
  why: (item: Item) => string,
) {
  const found = await ports.stores.items.byIds(page.map(({ itemId }) => itemId));
  const items = new Map(found.map((item) => [item.id, item]));
  for (const { itemId, position, score } of page) {
    const item = items.get(itemId);
    if (item !== undefined)
      process.stdout.write(`${position + 1}. ${item.title}  (${score.toFixed(3)}; ${why(item)})\n`);
  }
  if (request.degraded !== null) process.stdout.write(`${request.degraded}\n`);
  process.stdout.write(`${page.length} of ${request.entries.length} in ${servedInMs} ms\n`);
}
