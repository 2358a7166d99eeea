import type { DemoItem } from '../../flow/ports.js';
import { DEMO_STYLES, leftOutOfDemoArt, loadDemoArt } from './art.js';
import { demoItems } from './demo-items.js';

async function collect(source: AsyncIterable<DemoItem>): Promise<DemoItem[]> {
  const items: DemoItem[] = [];
  for await (const item of source) items.push(item);
  return items;
}

test('the demo catalogue has 2,000 to 4,500 stickers in three styles, each with its own id', async () => {
  const art = await loadDemoArt();
  expect(art.length).toBeGreaterThan(2_000);
  expect(art.length).toBeLessThan(4_500);
  expect(new Set(art.map(({ id }) => id)).size).toBe(art.length);
  for (const { style } of DEMO_STYLES)
    expect(art.filter((one) => one.style === style).length).toBeGreaterThan(1_000);
});

test('there is no skin-tone variant and no flood of flags, and what is left out is counted', async () => {
  const art = await loadDemoArt(['crisp']);
  expect(art.filter(({ title }) => /skin tone/.test(title))).toEqual([]);
  expect(art.filter(({ group }) => group === 'flags').length).toBeLessThanOrEqual(12);
  const leftOut = await leftOutOfDemoArt();
  expect([...leftOut.keys()].sort()).toEqual([
    'component',
    'country flag',
    'gender or family variant',
    'mirror image',
  ]);
});

test('no drawing refers to anything outside itself', async () => {
  const art = await loadDemoArt();
  expect(
    art.filter(({ svg }) => /<script|<image|<foreignObject|(href|url)\s*[=(]\s*["']?(?!#)\w+:/i.test(svg)),
  ).toEqual([]);
});

test('the red apple is red, grouped as fruit and told in words', async () => {
  const items = await collect(demoItems({ styles: ['flat'] }));
  const apple = items.find(({ externalId }) => externalId === 'flat/red-apple');
  expect(apple).toMatchObject({
    title: 'Red apple',
    attributes: {
      group: 'food and drink',
      kind: 'fruit',
      style: 'flat',
      artist: 'Studio Pebble',
      colour: 'red',
    },
  });
  expect(apple?.topics.slice(0, 2)).toEqual(['fruit', 'food and drink']);
  const colourOf = (id: string) =>
    items.find(({ externalId }) => externalId === `flat/${id}`)?.attributes['colour'];
  expect(['green-apple', 'lemon', 'blue-heart', 'purple-heart', 'orange-heart'].map(colourOf)).toEqual([
    'green',
    'yellow',
    'blue',
    'purple',
    'orange',
  ]);
});
