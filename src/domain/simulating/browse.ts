import type { EventType } from '../event.js';
import type { Random } from '../random.js';
import { trueAffinity, type Taste } from './taste.js';
import { weightedChoice } from './weighted-choice.js';
import { fashionOn, type Theme, type World } from './world.js';

/** What a person carries from visit to visit. */
export interface Memory {
  /** Wanted or hidden before: never shown again. */
  readonly done: Set<number>;
  /** How often an item was shown in vain; after three times nobody looks. */
  readonly shown: Map<number, number>;
  /** Tiredness of a theme, 0..1, halved in five days. */
  readonly tired: Map<string, { level: number; day: number }>;
  lastTheme: string | null;
}

export interface Visit {
  readonly day: number;
  readonly pages: number;
  readonly taste: Taste;
}

export interface Act {
  readonly item: number;
  readonly type: EventType;
  readonly page: number;
  readonly position: number;
  /** Seconds since the visit began. */
  readonly second: number;
}

const PAGE_SIZE = 8;

/** Inverse square root of the rank: between the 1/rank of search results and a grid that is read whole (Joachims et al. 2017). */
const examined = (position: number) => 1 / Math.sqrt(1 + position);

export function newMemory(): Memory {
  return { done: new Set(), shown: new Map(), tired: new Map(), lastTheme: null };
}

/** One visit: pages of one theme and what leads to the next, until two pages in a row please nobody. */
export function* browse(world: World, visit: Visit, memory: Memory, random: Random): Generator<Act> {
  let theme = firstTheme(world, visit, memory, random);
  let last: number | null = null;
  let disappointed = 0;
  let second = 0;
  for (let page = 0; page < visit.pages && theme && disappointed < 2; page++) {
    const style = weightedChoice(world.styles, (name) => (visit.taste.styles[name] ?? 0) + 0.05, random);
    const items = fillPage(world, { theme, style: style ?? null, last }, memory, random);
    let pleased = false;
    for (const act of readPage(world, { visit, page, items }, memory, random)) {
      second += 1 + random.int(9);
      yield { ...act, second };
      if (act.type !== 'CLICK') continue;
      last = act.item;
      pleased = true;
    }
    disappointed = pleased ? 0 : disappointed + 1;
    second += 4 + random.int(20);
    memory.lastTheme = theme.name;
    if (!pleased || random.next() > 0.6) theme = themeAfter(world, theme, visit.taste, random);
  }
}

function firstTheme(world: World, { taste, day }: Visit, memory: Memory, random: Random): Theme | undefined {
  const before = memory.lastTheme === null ? undefined : world.themes.get(memory.lastTheme);
  if (before && random.next() < 0.35) return themeAfter(world, before, taste, random);
  return weightedChoice(
    [...world.themes.values()],
    (theme) => {
      const curious = 0.02 * taste.novelty;
      return (
        ((taste.themes[theme.name] ?? 0) ** 2 + curious) *
        fashionOn(theme, day) *
        (1 - tiredOf(memory, theme, day))
      );
    },
    random,
  );
}

function themeAfter(world: World, theme: Theme, taste: Taste, random: Random): Theme {
  const way = weightedChoice(
    theme.next,
    (next) => next.share * (0.1 + (taste.themes[next.theme] ?? 0)),
    random,
  );
  return (way && world.themes.get(way.theme)) ?? theme;
}

interface Shelf {
  readonly theme: Theme;
  readonly style: string | null;
  readonly last: number | null;
}

/** Five places from the theme's shelf, two from where it leads, one from anywhere: the last keeps the world from closing in. */
function fillPage(world: World, shelf: Shelf, memory: Memory, random: Random): number[] {
  const page: number[] = [];
  const take = (items: readonly number[]) => {
    const item = weightedChoice(
      items,
      (i) => (page.includes(i) || !isFresh(memory, i) ? 0 : (world.appeal[i] ?? 0) * pull(world, shelf, i)),
      random,
    );
    if (item !== undefined) page.push(item);
  };
  for (let place = 0; place < PAGE_SIZE; place++) {
    const way = weightedChoice(shelf.theme.next, ({ share }) => share, random);
    const neighbours = (way && world.themes.get(way.theme)) ?? shelf.theme;
    if (place % 4 < 2 || place === 7) take(shelf.theme.items);
    else if (place === 6) take([random.int(world.items.length)]);
    else take(neighbours.items);
  }
  return page;
}

/** The shop puts the chosen style and the neighbours of the last wanted item forward. */
function pull(world: World, { style, last }: Shelf, item: number): number {
  const sameStyle = world.items[item]?.attributes[world.shape.style] === style ? 4 : 1;
  if (last === null) return sameStyle;
  const themeOf = (i: number) => world.items[i]?.attributes[world.shape.theme];
  const distance = Math.abs((world.placeInTheme[item] ?? 0) - (world.placeInTheme[last] ?? 0));
  return themeOf(item) === themeOf(last) && distance <= 3 ? sameStyle * 4 : sameStyle;
}

function* readPage(
  world: World,
  { visit, page, items }: { visit: Visit; page: number; items: readonly number[] },
  memory: Memory,
  random: Random,
): Generator<Omit<Act, 'second'>> {
  for (const [position, item] of items.entries()) {
    memory.shown.set(item, (memory.shown.get(item) ?? 0) + 1);
    yield { item, type: 'IMPRESSION', page, position };
    for (const type of reactions(world, { visit, item, position }, memory, random)) {
      yield { item, type, page, position };
      if (type === 'CLICK' || type === 'HIDE') memory.done.add(item);
    }
  }
}

/** Rates of real shops' order: about one click in six views here, one favourite in five clicks, one hide in a hundred views. */
function reactions(
  world: World,
  { visit, item, position }: { visit: Visit; item: number; position: number },
  memory: Memory,
  random: Random,
): EventType[] {
  const facts = world.items[item];
  const theme = world.themes.get(facts?.attributes[world.shape.theme] ?? '');
  if (!facts || !theme || random.next() > examined(position)) return [];
  const affinity = trueAffinity(visit.taste, facts, world.shape);
  const wanted = affinity * (1 - tiredOf(memory, theme, visit.day)) + 0.04 * visit.taste.novelty;
  if (random.next() >= wanted) return unwanted(affinity, random);
  tire(memory, theme, visit.day);
  const acts: EventType[] = ['CLICK'];
  if (random.next() < 0.3 * affinity) acts.push('FAVOURITE');
  if (random.next() < 0.04) acts.push('DOWNLOAD');
  if (random.next() < 0.02) acts.push('SHARE');
  return acts;
}

function unwanted(affinity: number, random: Random): EventType[] {
  if (affinity < 0.15 && random.next() < 0.03) return [random.next() < 0.7 ? 'HIDE' : 'DISLIKE'];
  return ['SKIP'];
}

function isFresh({ done, shown }: Memory, item: number): boolean {
  return !done.has(item) && (shown.get(item) ?? 0) < 3;
}

function tiredOf({ tired }: Memory, { name }: Theme, day: number): number {
  const state = tired.get(name);
  return state ? Math.min(0.7, state.level * 0.5 ** ((day - state.day) / 5)) : 0;
}

function tire(memory: Memory, theme: Theme, day: number): void {
  memory.tired.set(theme.name, { level: tiredOf(memory, theme, day) + 0.07, day });
}
