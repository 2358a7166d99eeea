import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Row } from '../../flow/dataset.js';
import { datasetReaders } from './dataset-readers.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  folders.push(folder);
  Object.entries(files).forEach(([name, content]) => writeFileSync(join(folder, name), content));
  return folder;
}

async function all<T>(rows: AsyncIterable<Row<T>>) {
  const [good, bad]: [T[], string[]] = [[], []];
  for await (const row of rows) {
    if (row.ok) good.push(row.value);
    else bad.push(`${row.file}:${row.line} ${row.reason}`);
  }
  return { good, bad };
}

function open(format: string, folder: string) {
  const reader = datasetReaders.find((one) => one.format === format);
  if (reader === undefined) throw new Error(`no reader for ${format}`);
  return reader.open(folder);
}

const flags = Array.from({ length: 19 }, (_, i) => (i === 1 ? 1 : 0)).join('|');

test('movielens-100k: gzipped, latin-1, bad rows told with line and reason', async () => {
  const folder = folderWith({
    'u.item.gz': gzipSync(
      Buffer.from(`1|Miserables, Les (1995)|01-Jan-1995|||${flags}\nx|No id|||\n`, 'latin1'),
    ),
    'u.data': '1\t1\t5\t881250949\n1\t1\t9\t881250949\n1\t2\t3\tsoon\n1\t2\t3\n',
  });
  const set = await open('movielens-100k', folder);
  const items = await all(set.items());
  expect(items.good[0]).toMatchObject({
    title: 'Les Miserables',
    topics: ['action'],
    attributes: { decade: '1990s' },
  });
  expect(items.bad).toEqual(['u.item.gz:2 24 fields with | between were wanted, 5 came']);
  const events = await all(set.events());
  expect(events.good).toMatchObject([{ clientEventId: 'ml-100k-1-1', value: 5, at: new Date(881250949000) }]);
  expect(events.bad).toEqual([
    'u.data:2 rating: 1 to 5 was wanted, "9" came',
    'u.data:3 time: seconds since 1970, from 1990 to now, were wanted, "soon" came',
    'u.data:4 4 fields with tabs between were wanted, 3 came',
  ]);
});

test('movielens-1m without ratings.dat: sequences in order, stars beside them', async () => {
  const folder = folderWith({
    'movies.dat': '7::Heat (1995)::Action|Crime\n',
    'sequences.jsonl': '{"user":1,"movies":[7,8]}\n{"user":"?"}\nnot json\n',
    'ratings-no-timestamps.csv': 'user_id,movie_id,rating\n1,7,4\n',
  });
  const set = await open('movielens-1m', folder);
  expect(set.hasRealTimes).toBe(false);
  const { good, bad } = await all(set.events());
  expect(good).toMatchObject([
    { itemExternalId: '7', type: 'RATE', value: 4 },
    { itemExternalId: '8', type: 'CLICK', value: null },
  ]);
  expect((good[1]?.at.getTime() ?? 0) > (good[0]?.at.getTime() ?? 0)).toBe(true);
  expect(bad).toHaveLength(2);
});

test('csv: unknown columns become attributes, an unknown type is refused', async () => {
  const folder = folderWith({
    'items.csv': 'id,title,topics,brand\n1,"Lamp, red",light|home,Acme\n2,,x,y\n',
    'events.csv':
      'person,item,type,at\na,1,click,2026-01-02T03:04:05Z\na,1,adore,2026-01-02\na,1,CLICK,someday\n',
  });
  const set = await open('csv', folder);
  const items = await all(set.items());
  expect(items.good).toEqual([
    {
      externalId: '1',
      title: 'Lamp, red',
      summary: null,
      topics: ['light', 'home'],
      attributes: { brand: 'Acme' },
    },
  ]);
  expect(items.bad).toEqual(['items.csv:3 title: a text was wanted, an empty one came']);
  const events = await all(set.events());
  expect(events.good).toMatchObject([{ type: 'CLICK', at: new Date('2026-01-02T03:04:05Z') }]);
  expect(events.bad[0]).toContain('type: one of IMPRESSION');
  expect(events.bad[1]).toBe('events.csv:4 at: a date or seconds since 1970 was wanted, "someday" came');
});

test('jsonl: the same event read twice has the same id', async () => {
  const line = '{"person":"a","item":"1","at":1700000000}\n';
  const folder = folderWith({
    'items.jsonl': '{"id":1,"title":"One","topics":["A","a"]}\n',
    'events.jsonl': line + line,
  });
  const set = await open('jsonl', folder);
  expect((await all(set.items())).good[0]).toMatchObject({ externalId: '1', topics: ['a'] });
  const ids = (await all(set.events())).good.map(({ clientEventId }) => clientEventId);
  expect(new Set(ids).size).toBe(1);
});

test('a folder that does not hold the format is refused with the names that were wanted', () => {
  expect(() => open('movielens-100k', folderWith({}))).toThrow(/u.item or u.item.gz was wanted/);
  expect(() => open('csv', '/nowhere')).toThrow(/a folder was wanted/);
});

describe.each([
  ['movielens-100k', 'movielens-100k', 1_682, 100_000],
  ['movielens-latest-small', 'movielens-latest-small', 9_742, 100_836],
  ['amazon-5core', 'amazon-beauty-2014', 12_101, 198_502],
  ['amazon-5core', 'amazon-musical-instruments-2014', 900, 10_261],
])('%s of real data', (format, name, items, events) => {
  const folder = resolve('..', 'shared', 'data', name);
  const here = existsSync(folder);
  if (!here) console.log('skipped: data not here');

  (here ? test : test.skip)(`${name} has ${items} items and ${events} events, none refused`, async () => {
    const set = await open(format, folder);
    const [readItems, readEvents] = [await all(set.items()), await all(set.events())];
    expect([...readItems.bad, ...readEvents.bad]).toEqual([]);
    expect([readItems.good.length, readEvents.good.length]).toEqual([items, events]);
  });
});
