import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rankCommand } from '../../src/cli/rank.js';
import type { Person } from '../../src/domain/person.js';
import type { RankedPerson } from '../../src/flow/rank-people.js';
import { withApi } from '../support/api.js';
import { must } from '../support/must.js';
import { newPerson, world, type World } from '../support/world.js';

const api = withApi();
let folder: string;
let known: World;
let people: readonly Person[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitrine-rank-'));
  known = await world(api.ports);
  const { stores } = api.ports;
  people = [
    ...known.people,
    await stores.people.ensure(newPerson({ externalId: 'zoe' })),
    await stores.people.ensure(newPerson({ externalId: 'yan' })),
  ];
  await stores.events.appendAll([known.event({})]);
});

afterAll(() => rm(folder, { recursive: true }));

const options = (out: string, who = 'all') => ({
  people: who,
  out: join(folder, out),
  limit: 2,
  catalogue: known.catalogue.key,
});
const go = (asked: ReturnType<typeof options>) =>
  rankCommand({ ports: api.ports }, asked, new AbortController().signal);

async function lines({ out }: ReturnType<typeof options>): Promise<RankedPerson[]> {
  const text = await readFile(out, 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RankedPerson);
}

test('everybody gets one line, without what they had, and a second run adds none', async () => {
  const asked = options('all.jsonl');
  await go(asked);
  const first = await lines(asked);
  const names = first.map(({ person }) => person);
  people.forEach(({ externalId }) => expect(names.filter((name) => name === externalId)).toHaveLength(1));
  const clicked = must(first.find(({ person }) => person === known.people[0].externalId));
  expect(clicked.items.map(({ item }) => item).sort()).toEqual(['elk', 'owl']);
  expect(clicked.model).toBeNull();
  await go(asked);
  expect(await lines(asked)).toEqual(first);
});

test('a run that was cut short goes on: half a line is dropped, who is there is not ranked again', async () => {
  const asked = options('cut.jsonl', 'zoe,yan');
  const kept = JSON.stringify({ person: 'zoe', model: null, items: [] });
  await writeFile(asked.out, `${kept}\n{"person":"ya`);
  await go(asked);
  const after = await lines(asked);
  expect(after.map(({ person }) => person)).toEqual(['zoe', 'yan']);
  expect(after[0]?.items).toEqual([]);
  expect(after[1]?.items).toHaveLength(2);
});

test('people come from a file; one who is unknown, answers of another model and a limit of none are refused', async () => {
  const list = join(folder, 'people.txt');
  await writeFile(list, 'zoe\n\nyan\n');
  const asked = options('file.jsonl', list);
  await go(asked);
  expect(await lines(asked)).toHaveLength(2);
  await appendFile(asked.out, `${JSON.stringify({ person: 'old', model: 'v1', items: [] })}\n`);
  await expect(go(asked)).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(go(options('none.jsonl', 'nobody'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(go({ ...options('none.jsonl'), limit: 0 })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
