import { existsSync } from 'node:fs';
import path from 'node:path';
import { cleanEvents, tellIgnored } from '../src/domain/ranking/clean-events.js';
import type { Preference } from '../src/domain/ranking/objectives/preference.js';
import {
  type LoggedEvent,
  preferencesFromLog,
} from '../src/domain/ranking/objectives/preferences-from-log.js';
import {
  type ProtocolName,
  PROTOCOLS,
  splitData,
  splitFingerprint,
} from '../src/domain/ranking/protocols.js';
import { type NumberedData, numberInteractions } from '../src/domain/ranking/ranking-data.js';
import { type ItemText, textFeatures } from '../src/domain/ranking/text-features.js';
import { seededRandom } from '../src/domain/random.js';
import type { Dataset } from '../src/flow/dataset.js';
import { interactionsOf, openDataset } from './open-dataset.js';

export type Protocols = readonly [ProtocolName, ...ProtocolName[]];

export interface RankingSet {
  readonly format: string;
  readonly folder: string;
  /** Pins the split: validation and test targets by source id, see `splitFingerprint`. */
  readonly fingerprint: string;
  readonly protocols: Protocols;
  /** Whether a global time split can be made as well. */
  readonly hasTimes: boolean;
}

/** One row per data set that the ranker is measured on. */
export const RANKING_SETS: Readonly<Record<string, RankingSet>> = {
  beauty: {
    format: 'amazon-5core',
    folder: 'amazon-beauty-2014',
    fingerprint: '2b42c9452991-2b9b0cb29639',
    protocols: ['A1', 'A2'],
    hasTimes: false,
  },
  'ml-1m': {
    format: 'movielens-1m',
    folder: 'movielens-1m',
    fingerprint: 'baa024f6c0c-bf32712cb1e',
    protocols: ['M4'],
    hasTimes: false,
  },
  'ml-100k': {
    format: 'movielens-100k',
    folder: 'movielens-100k',
    fingerprint: '1d2c649a639-1cda2280475',
    protocols: ['M4'],
    hasTimes: true,
  },
  'ml-latest-small': {
    format: 'movielens-latest-small',
    folder: 'movielens-latest-small',
    fingerprint: '13197a1d108-134255fc8dc',
    protocols: ['M4'],
    hasTimes: true,
  },
};

export interface NumberedSet extends NumberedData {
  /** What was rated well against what was rated badly, where the set has ratings. */
  readonly preferences: readonly Preference[];
}

/** The set with items numbered by the seed, or null where its files are not here; another split than the pinned one is an error. */
export async function loadRankingSet(
  { format, folder, fingerprint, protocols }: RankingSet,
  data: string,
  seed: number,
): Promise<NumberedSet | null> {
  const place = path.join(data, folder);
  if (!existsSync(place)) return null;
  const dataset = await openDataset(format, place);
  const interactions = await interactionsOf(dataset, { actions: true });
  const numbered = cleaned(numberInteractions(interactions, seededRandom(seed)), place);
  const found = splitFingerprint(
    splitData(numbered.data, PROTOCOLS[protocols[0]]),
    numbered.personIds,
    numbered.itemIds,
  );
  if (found !== fingerprint)
    throw new Error(`split ${fingerprint} was wanted, ${found} came: the data is not the published one`);
  const texts = await textsOf(dataset, numbered.itemIds);
  const titles = texts.map(({ text }) => text);
  const preferences = await preferencesOf(dataset, numbered);
  return { ...numbered, data: { ...numbered.data, titles, content: textFeatures(texts) }, preferences };
}

/** What each person's ratings say about pairs of items. */
async function preferencesOf(dataset: Dataset, { itemIds, personIds }: NumberedData): Promise<Preference[]> {
  const numbers = new Map(itemIds.map((id, number) => [id, number]));
  const logs = new Map<string, LoggedEvent[]>();
  for await (const row of dataset.events()) {
    if (!row.ok) continue;
    const { personExternalId, itemExternalId, type, value, at } = row.value;
    const own = logs.get(personExternalId) ?? [];
    own.push({ item: numbers.get(itemExternalId) ?? 0, type, value, at: at.getTime() / 1000 });
    logs.set(personExternalId, own);
  }
  return personIds.flatMap((id, person) => {
    const inOrder = (logs.get(id) ?? []).sort((a, b) => a.at - b.at);
    return preferencesFromLog(person, inOrder);
  });
}

/** The same cleaning as the product's; that it changes nothing here is what the pinned split says. */
function cleaned(numbered: NumberedData, place: string): NumberedData {
  const { data, ignored } = cleanEvents(numbered.data, Date.now() / 1000);
  const told = tellIgnored(ignored);
  if (told !== '') process.stderr.write(`${place}: ${told}\n`);
  return { ...numbered, data };
}

async function textsOf(dataset: Dataset, itemIds: readonly string[]): Promise<ItemText[]> {
  const texts = new Map<string, ItemText>();
  for await (const row of dataset.items()) {
    if (!row.ok) continue;
    const { externalId, title, topics, attributes } = row.value;
    const facts = [attributes['brand'], attributes['director'], ...topics].filter(
      (fact) => fact !== undefined,
    );
    texts.set(externalId, { text: `${title} ${topics.join(' ')}`, attributes: facts });
  }
  return itemIds.map((id) => texts.get(id) ?? { text: '', attributes: [] });
}
