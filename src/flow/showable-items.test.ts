import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { RankingView } from './ranking-view.js';
import { showableItems } from './showable-items.js';
import type { ViewerSignals } from './viewer-signals.js';

const id = (name: string) => name as ItemId;
const item = (name: string, topic: string, origin: Item['origin'] = 'HUMAN') =>
  [id(name), { id: id(name), topics: [topic], origin } as unknown as Item] as const;
const items = new Map([
  item('cat', 'animals'),
  item('dog', 'animals'),
  item('rose', 'plants'),
  item('cake', 'food'),
  item('drawn', 'food', 'GENERATED'),
]);
/** The ranker knows them in this order, and one that is gone; not the newest, `drawn`. */
const known = ['rose', 'gone', 'dog', 'cat', 'cake'];
const view = {
  items,
  ranker: { itemIds: known },
  numberOf: new Map(known.map((name, number) => [name, number])),
} as unknown as RankingView;

const nothing: ViewerSignals = {
  profiled: true,
  history: [],
  hidden: new Set(),
  hiddenTopics: new Set(),
  pulls: new Map(),
  facets: [],
};
const anything = { includeSeen: false, allowGenerated: true, topics: null };
const seen = (name: string) => ({ eventId: 'e', itemId: id(name), at: new Date(), action: 1 });

test('what is seen, hidden, unwanted or of a hidden topic is barred; a small dislike is not', () => {
  const signals: ViewerSignals = {
    ...nothing,
    history: [seen('cat')],
    hidden: new Set([id('rose')]),
    hiddenTopics: new Set(['food']),
    pulls: new Map([[id('dog'), -0.4]]),
  };
  const showable = showableItems(view, signals, anything);
  expect(showable.ids()).toEqual(['dog']);
  expect(showable.count()).toBe(1);
  expect(showable.all).toEqual([...items.keys()]);
  expect(showable.has(id('dog'))).toBe(true);
  expect(showable.has(id('gone'))).toBe(false);
  expect([...showable.forbiddenNumbers()].sort()).toEqual([0, 1, 3, 4]);
  const disliked = { ...nothing, pulls: new Map([[id('dog'), -0.9]]) };
  expect(showableItems(view, disliked, anything).has(id('dog'))).toBe(false);
});

test('seen items come again when they are asked for, hidden ones never', () => {
  const signals = { ...nothing, history: [seen('cat'), seen('rose')], hidden: new Set([id('rose')]) };
  const showable = showableItems(view, signals, { ...anything, includeSeen: true });
  expect(showable.ids()).toEqual(['cat', 'dog', 'cake', 'drawn']);
});

test('topics and origin are kept to', () => {
  const food = showableItems(view, nothing, { ...anything, topics: ['food', 'nothing'] });
  expect(food.ids()).toEqual(['cake', 'drawn']);
  const human = showableItems(view, nothing, { ...anything, topics: ['food'], allowGenerated: false });
  expect(human.ids()).toEqual(['cake']);
  expect([...human.forbiddenNumbers()].sort()).toEqual([0, 1, 2, 3]);
});
