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
    'u.data': '1\t1\t5\t881250949\n1\t1\t9\t881250949\n1\t2\t3\t881250949\n1\t2\t3\n1\t1\t3\t99999999999\n',
  });
  const set = await open('movielens-100k', folder);
  const items = await all(set.items());
  expect(items.good[0]).toMatchObject({
    title: 'Les Miserables',
    topics: ['action'],
    attributes: { decade: '1990s' },
  });
  expect(items.bad).toEqual([
    'u.item.gz:2 row: 24 columns separated by "|" was wanted, "5 columns: x|No id|||" came',
  ]);
  const events = await all(set.events());
  expect(events.good).toMatchObject([
    { clientEventId: 'movielens-100k:1:1', value: 5, at: new Date(881250949000) },
  ]);
  expect(events.bad).toEqual([
    'u.data:2 rating: a number from 1 to 5 was wanted, "9" came',
    'u.data:3 movie id: an item of the catalogue was wanted, "2" came',
    'u.data:4 row: 4 columns separated by "\t" was wanted, "3 columns: 1\t2\t3" came',
    'u.data:5 timestamp: a time not in the future was wanted, "99999999999" came',
  ]);
});

test('movielens-1m without ratings.dat: sequences in order, stars beside them', async () => {
  const folder = folderWith({
    'movies.dat': '7::Heat (1995)::Action|Crime\n8::Ronin (1998)::Action\n9::Alien (1979)::Horror\n',
    'sequences.jsonl': '{"user":1,"movies":[8,7,9,10]}\n{"user":"?"}\nnot json\n',
    'ratings-no-timestamps.csv': 'user_id,movie_id,rating\n1,7,4\n1,8,2\n1,9,six\n',
  });
  const set = await open('movielens-1m', folder);
  expect(set.hasRealTimes).toBe(false);
  const { good, bad } = await all(set.events());
  expect(good).toMatchObject([
    { itemExternalId: '8', type: 'RATE', value: 2, at: new Date(0) },
    { itemExternalId: '7', type: 'RATE', value: 4, at: new Date(60_000) },
  ]);
  expect(bad).toEqual([
    'ratings-no-timestamps.csv:4 rating: a number from 1 to 5 was wanted, "six" came',
    'sequences.jsonl:1 rating: a rating of movie 9 by user 1 was wanted, nothing came',
    'sequences.jsonl:1 movie id: an item of the catalogue was wanted, "10" came',
    'sequences.jsonl:2 movies: a list of movie ids was wanted, nothing came',
    expect.stringContaining('sequences.jsonl:3 row: a JSON object was wanted, "not json'),
  ]);
});

test('movielens-1m with ratings.dat: real times', async () => {
  const folder = folderWith({
    'movies.dat': '7::Heat (1995)::Action|Crime\n',
    'ratings.dat': '1::7::4::978300760\n1::7::0::978300760\n',
  });
  const set = await open('movielens-1m', folder);
  expect(set.hasRealTimes).toBe(true);
  const { good, bad } = await all(set.events());
  expect(good).toMatchObject([{ value: 4, at: new Date(978300760000) }]);
  expect(bad).toEqual(['ratings.dat:2 rating: a number from 1 to 5 was wanted, "0" came']);
});

test('amazon-5core: sequences in order, unknown items and empty rows told', async () => {
  const folder = folderWith({
    'items.jsonl': '{"id":1,"asin":"A","title":null,"brand":"OPI","categories":["Nails"]}\n{"title":"x"}\n',
    'sequences.txt': '5 1 2\n6\n',
  });
  const set = await open('amazon-5core', folder);
  const items = await all(set.items());
  expect(items.good).toMatchObject([{ title: 'OPI A', attributes: { brand: 'OPI', category: 'Nails' } }]);
  expect(items.bad).toEqual(['items.jsonl:2 id: an id was wanted, nothing came']);
  const { good, bad } = await all(set.events());
  expect(good).toMatchObject([{ personExternalId: '5', itemExternalId: '1', type: 'CONVERT' }]);
  expect(bad).toEqual([
    'sequences.txt:1 item: an item of the catalogue was wanted, "2" came',
    'sequences.txt:2 row: a person and at least one item was wanted, "6" came',
  ]);
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
  expect(items.bad).toEqual(['items.csv:3 title: a title was wanted, nothing came']);
  const events = await all(set.events());
  expect(events.good).toMatchObject([{ type: 'CLICK', at: new Date('2026-01-02T03:04:05Z') }]);
  expect(events.bad[0]).toContain('type: one of IMPRESSION');
  expect(events.bad[1]).toBe(
    'events.csv:4 at: seconds since 1970 or an ISO 8601 time was wanted, "someday" came',
  );
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

test('csv: a short row, a used id and an open quote are told, a stray quote is text', async () => {
  const folder = folderWith({
    'items.csv': 'id,title\n1,One\n2,"Two"x\n3\n1,Again\n4,Four\n5,"Five\n',
  });
  const { good, bad } = await all((await open('csv', folder)).items());
  expect(good.map(({ title }) => title)).toEqual(['One', '"Two"x', 'Four']);
  expect(bad).toEqual([
    'items.csv:4 row: 2 columns were wanted, 1 came',
    'items.csv:5 id: an id not used before was wanted, "1" came',
    expect.stringContaining('row: a CSV row was wanted, Quote Not Closed'),
  ]);
});

test('csv: one file of events names its own items', async () => {
  const folder = folderWith({ 'shop.csv': 'person,item\na,lamp\na,desk\n' });
  const set = await open('csv', join(folder, 'shop.csv'));
  expect(set.catalogue.key).toBe('shop');
  expect(set.hasRealTimes).toBe(false);
  expect((await all(set.items())).good.map(({ title }) => title)).toEqual(['lamp', 'desk']);
  expect((await all(set.events())).good.map(({ at }) => at.getTime())).toEqual([0, 60_000]);
});

test('a folder that does not hold the format is refused with the names that were wanted', async () => {
  await expect(open('movielens-100k', folderWith({}))).rejects.toThrow(/u.data, u.item .*are missing/);
  await expect(open('csv', '/nowhere')).rejects.toThrow(/a path that exists was wanted/);
});

test('a broken archive is the fault of the file, not a crash', async () => {
  const whole = gzipSync('1::Heat (1995)::Action\n'.repeat(2000));
  const folder = folderWith({ 'movies.dat.gz': whole.subarray(0, 60), 'ratings.dat': '' });
  const set = await open('movielens-1m', folder);
  await expect(all(set.items())).rejects.toThrow(/movies.dat.gz: a readable file was wanted/);
});

describe.each([
  ['movielens-100k', 'movielens-100k', 1_682, 100_000],
  ['movielens-1m', 'movielens-1m', 3_883, 1_000_209],
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
