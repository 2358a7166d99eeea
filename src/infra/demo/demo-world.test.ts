import type { DemoItem } from '../../flow/ports.js';
import { DEMO_PEOPLE } from './demo-people.js';
import { demoWorld } from './demo-world.js';
import { loadDemoArt } from './art.js';
import { everydayName } from './everyday-name.js';

const END = new Date('2026-03-01T00:00:00Z');

test('the small world has a few hundred stickers, people with declared tastes, and events on its own stickers only', async () => {
  const world = demoWorld('small');
  const items: DemoItem[] = [];
  for await (const item of world.items()) items.push(item);
  expect(items.length).toBeGreaterThan(200);
  const lives = [...world.audience(items, END)];
  expect(lives).toHaveLength(150);
  expect(lives[0]?.person).toMatchObject({ externalId: 'demo-ada', displayName: 'Ada' });
  const known = new Set(items.map(({ externalId }) => externalId));
  const events = lives.flatMap((life) => life.events);
  expect(events.length).toBeGreaterThan(3_000);
  expect(events.filter(({ itemExternalId }) => !known.has(itemExternalId))).toEqual([]);
});

test('every theme that a demo person declares exists in the catalogue', async () => {
  const kinds = new Set((await loadDemoArt()).map(({ subgroup }) => everydayName(subgroup)));
  expect(DEMO_PEOPLE.flatMap(({ taste }) => taste.themes).filter((theme) => !kinds.has(theme))).toEqual([]);
});

test('where no demo is wanted the world is empty', async () => {
  const world = demoWorld('none');
  for await (const item of world.items()) throw new Error(`nothing was wanted, got ${item.title}`);
  expect([...world.audience([], END)]).toEqual([]);
});
