import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importDataset, type Imported } from '../../src/flow/import-catalogue.js';
import { datasetReaders } from '../../src/infra/datasets/dataset-readers.js';
import { systemClock } from '../../src/infra/system-clock.js';
import { withDatabase } from '../support/test-database.js';

const database = withDatabase();
const MOVIELENS = fileURLToPath(new URL('../../../shared/data/movielens-100k', import.meta.url));
/** More than two batches of events, so that a stop can fall between them. */
const MANY = 5_000;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vitrine-import-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder of its own; its name is the key of the catalogue. */
function folderOf(key: string, files: Readonly<Record<string, string>>): string {
  const folder = join(root, key);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

/** 100 goods and 5,000 events of 250 people; goods-7 has no title. */
function manyFiles(): Record<string, string> {
  const items = Array.from({ length: 100 }, (_, i) => `goods-${i},${i === 7 ? '' : `Goods ${i}`}`);
  const events = Array.from({ length: MANY }, (_, e) => `e${e},person-${e % 250},goods-${(e * 7) % 100}`);
  return {
    'items.csv': ['id,title', ...items].join('\n'),
    'events.csv': ['id,person,item', ...events].join('\n'),
  };
}
/** 5,000 events over 100 goods in equal shares: 50 of them name goods-7. */
const TO_NO_TITLE = MANY / 100;

type Report = (stage: string, done: number) => void;
interface Options {
  readonly signal?: AbortSignal;
  readonly onProgress?: Report;
  readonly transaction?: typeof database.transaction;
}

/** No catalogue here has a live ranker, so nobody reads words. */
const noWords = { name: 'none', dimensions: 0, encode: () => Promise.reject(new Error('words were read')) };

function importing(format: string, path: string, options: Options = {}): Promise<Imported> {
  const { stores, transaction } = database;
  const ports = { stores, transaction, clock: systemClock, datasets: datasetReaders, text: noWords };
  return importDataset(options.transaction ? { ...ports, transaction: options.transaction } : ports, {
    format,
    path,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
  });
}

async function storedIn(key: string): Promise<{ items: number; events: number; people: number }> {
  const [row] = await database.query<{ items: number; events: number; people: number }>(
    `SELECT (SELECT count(*)::int FROM item i WHERE i.catalogue_id = c.id) AS items,
            (SELECT count(*)::int FROM event e JOIN item i ON i.id = e.item_id WHERE i.catalogue_id = c.id) AS events,
            (SELECT count(DISTINCT e.person_id)::int FROM event e JOIN item i ON i.id = e.item_id
              WHERE i.catalogue_id = c.id) AS people
       FROM catalogue c WHERE c.key = $1`,
    [key],
  );
  return row ?? { items: 0, events: 0, people: 0 };
}

const runsOf = (folder: string) =>
  database.query<{ state: string }>('SELECT state FROM import_run WHERE source = $1 ORDER BY opened_at', [
    folder,
  ]);

test('every row is counted, and a refused one is told with file, line and reason', async () => {
  const folder = folderOf('small-shop', {
    'items.csv': 'id,title,topics,colour\na,Apple,fruit|red,red\nb,,fruit,\na,Again,fruit,\nc,Cherry,fruit,',
    'events.csv':
      'person,item,type,value,at\nada,a,CLICK,,2024-01-01\nada,b,CLICK,,2024-01-02\nbob,c,RATE,9,2024-01-03\n' +
      'bob,c,STARE,,2024-01-04\nbob,c,RATE,4,soon\nbob,c\nbob,c,RATE,4,2024-01-05',
  });
  const { run, catalogue } = await importing('csv', folder);
  expect(run).toMatchObject({ state: 'DONE', rowsRead: 11, rowsAccepted: 4, rowsRejected: 7 });
  expect(catalogue.key).toBe('small-shop');
  expect(await storedIn('small-shop')).toEqual({ items: 2, events: 2, people: 2 });
  const rejections = await database.stores.imports.rejections(run.id, 100);
  expect(rejections.map(({ file, line }) => `${file}:${line}`)).toEqual([
    'items.csv:3',
    'items.csv:4',
    'events.csv:3',
    'events.csv:4',
    'events.csv:5',
    'events.csv:6',
    'events.csv:7',
  ]);
  expect(rejections.map(({ reason }) => reason)).toEqual([
    'title: a title was wanted, nothing came',
    'id: an id not used before was wanted, "a" came',
    'item: an item of the catalogue was wanted, "b" came',
    'value: a number from 0.5 to 5 was wanted, "9" came',
    expect.stringMatching(/^type: one of .*CLICK.* was wanted, "STARE" came$/),
    expect.stringMatching(/^at: .*ISO 8601 time was wanted, "soon" came$/),
    'row: 5 columns were wanted, 2 came',
  ]);
});

test('the columns arrive where they belong', async () => {
  const folder = folderOf('one-thing', {
    'items.jsonl': JSON.stringify({
      id: 'x',
      title: 'Lamp',
      summary: 'Warm',
      topics: ['light', 'home'],
      size: 'small',
    }),
    'events.jsonl': JSON.stringify({
      person: 'ada-2',
      item: 'x',
      type: 'RATE',
      value: 4.5,
      at: '2024-05-01T10:00:00Z',
    }),
  });
  const { catalogue } = await importing('jsonl', folder);
  const [item] = await database.stores.items.byExternalIds(catalogue.id, ['x']);
  expect(item).toMatchObject({
    title: 'Lamp',
    summary: 'Warm',
    topics: ['light', 'home'],
    attributes: { size: 'small' },
    origin: 'HUMAN',
    visibility: 'PUBLIC',
  });
  const events = await database.query('SELECT type, value, at FROM event WHERE item_id = $1', [item?.id]);
  expect(events).toEqual([{ type: 'RATE', value: 4.5, at: new Date('2024-05-01T10:00:00Z') }]);
});

test('a character that the database cannot hold costs its row, not the import', async () => {
  const folder = folderOf('odd-bytes', {
    'items.jsonl': ['Fine', 'Bro\u0000ken', 'Half \ud83d']
      .map((title, i) => JSON.stringify({ id: `i${i}`, title }))
      .join('\n'),
    'events.jsonl': JSON.stringify({ person: 'a\u0000b', item: 'i0' }),
  });
  const { run } = await importing('jsonl', folder);
  expect(run).toMatchObject({ state: 'DONE', rowsRead: 4, rowsAccepted: 1, rowsRejected: 3 });
  const [first] = await database.stores.imports.rejections(run.id, 1);
  expect(first).toMatchObject({
    file: 'items.jsonl',
    line: 2,
    reason: expect.stringMatching(/^row: text without NUL and broken Unicode was wanted/) as string,
  });
});

test('a reason can always be stored, whatever the row held', async () => {
  const folder = folderOf('odd-reasons', {
    'items.csv': 'id,title\na,Apple',
    'events.csv': `person,item,type\nada,a,ST\0ARE\nada,a,${'x'.repeat(59)}🍎🍎`,
  });
  const { run } = await importing('csv', folder);
  expect(run).toMatchObject({ state: 'DONE', rowsRead: 3, rowsAccepted: 1, rowsRejected: 2 });
});

test('a stopped import goes on where it was: nothing is lost, nothing comes twice', async () => {
  const folder = folderOf('stopped', manyFiles());
  const stop = new AbortController();
  const stopped = importing('csv', folder, {
    signal: stop.signal,
    onProgress: (stage, done) => {
      if (stage === 'events' && done >= 2_000) stop.abort(new Error('stopped by the test'));
    },
  });
  await expect(stopped).rejects.toThrow('stopped by the test');
  const half = await storedIn('stopped');
  expect(half.events).toBeGreaterThan(0);
  expect(half.events).toBeLessThan(MANY - TO_NO_TITLE);

  const { run } = await importing('csv', folder);
  const read = 100 + MANY;
  const rowsRejected = 1 + TO_NO_TITLE;
  expect(run).toMatchObject({
    state: 'DONE',
    rowsRead: read,
    rowsRejected,
    rowsAccepted: read - rowsRejected,
  });
  expect(await storedIn('stopped')).toMatchObject({ items: 99, events: MANY - TO_NO_TITLE });
  expect(await runsOf(folder)).toEqual([{ state: 'DONE' }]);
  const lines = (await database.stores.imports.rejections(run.id, 1_000)).map(
    (one) => `${one.file}:${one.line}`,
  );
  expect(new Set(lines).size).toBe(rowsRejected);
});

test('power lost inside a batch: its rows and its position are gone together', async () => {
  const folder = folderOf('power-cut', manyFiles());
  let batches = 0;
  const failing: typeof database.transaction = (work) =>
    database.transaction(async (tx) => {
      const done = await work(tx);
      batches += 1;
      if (batches === 3) throw new Error('power cut');
      return done;
    });
  await expect(importing('csv', folder, { transaction: failing })).rejects.toThrow('power cut');
  const { run } = await importing('csv', folder);
  expect(run).toMatchObject({ rowsRead: 100 + MANY, rowsRejected: 1 + TO_NO_TITLE });
  expect(await storedIn('power-cut')).toMatchObject({ items: 99, events: MANY - TO_NO_TITLE });
});

test('the same data a second time adds nothing', async () => {
  const folder = folderOf('twice', manyFiles());
  const first = await importing('csv', folder);
  const stored = await storedIn('twice');
  const second = await importing('csv', folder);
  expect(await storedIn('twice')).toEqual(stored);
  expect(second.catalogue.id).toBe(first.catalogue.id);
  expect(second.run.id).not.toBe(first.run.id);
});

test('a corrected file mends what was there', async () => {
  const folder = folderOf('mended', { 'items.csv': 'id,title\na,Aple', 'events.csv': 'person,item\nada,a' });
  const { catalogue } = await importing('csv', folder);
  const [before] = await database.stores.items.byExternalIds(catalogue.id, ['a']);
  writeFileSync(join(folder, 'items.csv'), 'id,title\na,Apple');
  await importing('csv', folder);
  const [after] = await database.stores.items.byExternalIds(catalogue.id, ['a']);
  expect(after).toMatchObject({ id: before?.id, title: 'Apple' });
});

test.each([
  ['an unknown format', 'parquet', 'small-shop', /format: one of .*csv.* was wanted, "parquet" came/],
  ['a path that is not there', 'csv', 'nowhere', /csv: a path that exists was wanted/],
  [
    'a folder without the files',
    'movielens-100k',
    'small-shop',
    /u\.data, u\.item .* was wanted, .* missing/,
  ],
])('%s is refused in words, before anything is stored', async (_, format, key, message) => {
  const before = await database.query('SELECT count(*)::int FROM import_run');
  await expect(importing(format, join(root, key))).rejects.toMatchObject({
    name: 'DomainError',
    code: 'INVALID_INPUT',
    message: expect.stringMatching(message) as string,
  });
  expect(await database.query('SELECT count(*)::int FROM import_run')).toEqual(before);
});

test('MovieLens 100K goes through whole', async () => {
  if (!existsSync(MOVIELENS)) {
    console.info('skipped: data not here');
    return;
  }
  const stages = new Set<string>();
  const { run } = await importing('movielens-100k', MOVIELENS, { onProgress: (stage) => stages.add(stage) });
  // 1,682 films (267 is called "unknown", which is a title too) and 100,000 ratings of 943 people, by the set's README
  expect(run).toMatchObject({ state: 'DONE', rowsRead: 101_682, rowsRejected: 0 });
  expect(await storedIn('movielens-100k')).toEqual({ items: 1_682, events: 100_000, people: 943 });
  expect([...stages]).toEqual(['items', 'events']);
}, 300_000);
