import { simulateAudience, type SimulatedLife } from './simulate-audience.js';
import { trueAffinity } from './taste.js';
import { createWorld, type SimulatedItem } from './world.js';

const SHAPE = { theme: 'kind', family: 'group', style: 'style', colour: 'colour' };
const END = new Date('2026-03-01T00:00:00Z');
const STYLES = ['flat', 'soft', 'crisp'];
const COLOURS = ['red', 'green', 'blue', 'yellow'];

/** 30 themes in 6 groups, 20 things each in 3 styles: 600 x 3 items. */
const items: SimulatedItem[] = STYLES.flatMap((style) =>
  Array.from({ length: 600 }, (_, i) => {
    const kind = i % 30;
    const attributes = {
      kind: `kind ${kind}`,
      group: `group ${kind % 6}`,
      style,
      colour: COLOURS[i % 4] ?? 'red',
    };
    return {
      externalId: `${style}/${i}`,
      topics: [attributes.kind, attributes.group, `tag ${i % 50}`],
      attributes,
    };
  }),
);

const audience = (seed: number, people = 200, loggedPages = 1): SimulatedLife[] => {
  const declared = [
    {
      externalId: 'demo-x',
      displayName: 'X',
      about: 'Kind 3.',
      taste: { themes: ['kind 3'], styles: ['soft'] },
    },
  ];
  const world = createWorld(items, SHAPE, { seed, days: 60 });
  return [...simulateAudience(world, { seed, people, declared, days: 60, end: END, loggedPages })];
};
const lives = audience(1);
const itemOf = new Map(items.map((item) => [item.externalId, item]));
const clicksOf = (life: SimulatedLife) =>
  life.events.filter(({ type }) => type === 'CLICK').map((e) => e.itemExternalId);

test('the same seed gives the same world, another seed another', () => {
  expect(audience(1, 20)).toEqual(lives.slice(0, 20));
  expect(audience(2, 20)[5]?.events.slice(0, 5)).not.toEqual(lives[5]?.events.slice(0, 5));
});

test('everybody is marked as simulated, and every event has its own id and lies inside the 60 days, in order', () => {
  expect(lives.map(({ person }) => person.simulated)).toEqual(lives.map(() => true));
  const events = lives.flatMap((life) => life.events);
  expect(new Set(events.map(({ clientEventId }) => clientEventId)).size).toBe(events.length);
  const start = END.getTime() - 60 * 86_400_000;
  expect(events.filter(({ at }) => at > END || at.getTime() < start)).toEqual([]);
  for (const { events: own } of lives) {
    expect(own.every(({ at }, i) => at.getTime() >= (own[i - 1]?.at.getTime() ?? 0))).toBe(true);
  }
});

test('nobody wants the same item twice', () => {
  for (const life of lives) expect(new Set(clicksOf(life)).size).toBe(clicksOf(life).length);
});

test('the click rate rises with true affinity, and with a better place on the page', () => {
  const rate = (wanted: (affinity: number, position: number) => boolean) => {
    let [views, clicks] = [0, 0];
    for (const { person, events } of lives) {
      for (const { itemExternalId, type, position } of events) {
        const item = itemOf.get(itemExternalId);
        if (!item || !wanted(trueAffinity(person.taste, item, SHAPE), position)) continue;
        views += type === 'IMPRESSION' ? 1 : 0;
        clicks += type === 'CLICK' ? 1 : 0;
      }
    }
    return clicks / views;
  };
  const low = rate((affinity) => affinity < 0.2);
  const middle = rate((affinity) => affinity >= 0.2 && affinity < 0.6);
  const high = rate((affinity) => affinity >= 0.6);
  expect(low).toBeLessThan(middle);
  expect(middle).toBeLessThan(high);
  expect(high).toBeGreaterThan(3 * low);
  expect(rate((affinity, position) => affinity >= 0.6 && position === 0)).toBeGreaterThan(
    1.5 * rate((affinity, position) => affinity >= 0.6 && position === 5),
  );
});

test('a declared taste shows in what the person clicks', () => {
  const themes = clicksOf(lives[0] as SimulatedLife).map((id) => itemOf.get(id)?.attributes['kind']);
  const share = themes.filter((theme) => theme === 'kind 3').length / themes.length;
  expect(lives[0]?.person.externalId).toBe('demo-x');
  expect(share).toBeGreaterThan(0.15); // one of 30 themes
});

test('who clicked the same things tells the last click better than popularity does', () => {
  const histories = lives.map(clicksOf).filter((clicks) => clicks.length >= 5);
  const train = histories.map((clicks) => clicks.slice(0, -1));
  const popularity = new Map<string, number>();
  const together = new Map<string, Map<string, number>>();
  for (const history of train) {
    for (const item of history) {
      popularity.set(item, (popularity.get(item) ?? 0) + 1);
      const row = together.get(item) ?? new Map<string, number>();
      for (const other of history) row.set(other, (row.get(other) ?? 0) + 1);
      together.set(item, row);
    }
  }
  const hits = (score: (history: string[], item: string) => number) =>
    histories.filter((clicks, u) => {
      const history = train[u] ?? [];
      const candidates = [...popularity.keys()].filter((item) => !history.includes(item));
      const ranked = candidates
        .map((item) => ({ item, score: score(history, item) }))
        .sort((a, b) => b.score - a.score);
      return ranked.slice(0, 20).some(({ item }) => item === clicks.at(-1));
    }).length;
  const byPopularity = hits((_, item) => popularity.get(item) ?? 0);
  const byNeighbours = hits((history, item) =>
    history
      .slice(-5)
      .reduce(
        (sum, own) => sum + (together.get(own)?.get(item) ?? 0) / Math.sqrt(popularity.get(item) ?? 1),
        0,
      ),
  );
  expect(byPopularity).toBeGreaterThan(0);
  expect(byNeighbours).toBeGreaterThan(2 * byPopularity);
});

test('logging one page in ten keeps every click and about a tenth of the impressions', () => {
  const sampled = audience(1, 100, 0.1);
  const count = (some: SimulatedLife[], type: string) =>
    some.flatMap(({ events }) => events).filter((event) => event.type === type).length;
  expect(count(sampled, 'CLICK')).toBe(count(lives.slice(0, 100), 'CLICK'));
  const share = count(sampled, 'IMPRESSION') / count(lives.slice(0, 100), 'IMPRESSION');
  expect(share).toBeGreaterThan(0.07);
  expect(share).toBeLessThan(0.13);
});
