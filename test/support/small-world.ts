import type { Catalogue, Item } from '../../src/domain/item.js';
import type { MediaHash } from '../../src/domain/ids.js';
import type { Media } from '../../src/domain/media.js';
import type { Person } from '../../src/domain/person.js';
import type { Ports } from '../../src/flow/ports.js';
import { newItem, newPerson } from './world.js';

export interface SmallWorld {
  readonly catalogue: Catalogue;
  readonly items: readonly Item[];
  readonly ada: Person;
  readonly bob: Person;
}

const GROUPS = ['animals', 'plants', 'food', 'travel'];
const DAY_MS = 86_400_000;

/** 60 items with pictures in four groups, and 24 people each of whom likes one group: enough for neighbours and trends. */
export async function smallWorld({ stores }: Pick<Ports, 'stores'>): Promise<SmallWorld> {
  const catalogue = await stores.catalogues.save({
    key: 'small',
    name: 'Small',
    domain: 'pictures',
    language: 'en',
  });
  const pictures = Array.from({ length: 60 }, (_, i) => picture(i));
  await stores.media.saveAll(pictures);
  await stores.items.saveAll(
    pictures.map(({ hash }, i) => {
      const group = GROUPS[i % 4] ?? '';
      const about = { topics: [group, `thing ${i}`], attributes: { group }, mediaHash: hash };
      return newItem(catalogue.id, `item-${i}`, { title: `Thing ${i}`, ...about });
    }),
  );
  const found = await stores.items.byExternalIds(
    catalogue.id,
    pictures.map((_, i) => `item-${i}`),
  );
  const numberOf = ({ externalId }: Item) => Number(externalId.slice('item-'.length));
  const items = [...found].sort((a, b) => numberOf(a) - numberOf(b));
  const people: Person[] = [];
  for (let i = 0; i < 24; i++)
    people.push(
      await stores.people.ensure(
        newPerson({ externalId: `sim-${i}`, kind: 'SIMULATED', about: `likes ${GROUPS[i % 4] ?? ''}` }),
      ),
    );
  await stores.events.appendAll(people.flatMap((person, i) => clicks(person, items, i)));
  const [ada, bob] = people;
  if (ada === undefined || bob === undefined) throw new Error('no people');
  return { catalogue, items, ada, bob };
}

function clicks(person: Person, items: readonly Item[], i: number) {
  return Array.from({ length: 8 }, (_, k) => ({
    clientEventId: `seed-${i}-${k}`,
    personId: person.id,
    itemId: items[(i % 4) + 4 * ((i * 3 + k) % 15)]?.id ?? null,
    type: 'CLICK' as const,
    value: null,
    requestId: null,
    position: null,
    at: new Date(Date.now() - (10 - k) * DAY_MS),
  }));
}

function picture(i: number): Media {
  return {
    hash: i.toString(16).padStart(64, '0') as MediaHash,
    width: 512,
    height: 512,
    format: 'png',
    bytes: 1000,
    blurHash: 'L00000fQfQfQfQfQfQfQfQfQfQfQ',
    alt: `Thing ${i}`,
    palette: ['#ffffff'],
    aiMarked: false,
    perceptualHash: null,
  };
}
