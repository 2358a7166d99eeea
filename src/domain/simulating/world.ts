import { seededRandom, shuffled, type Random } from '../random.js';

/** What the simulation needs to know of an item. */
export interface SimulatedItem {
  readonly externalId: string;
  readonly topics: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

/** Which attribute plays which part; the simulation itself knows no domain. */
export interface WorldShape {
  /** What people browse by, e.g. the kind of thing; some 20 to 200 values. */
  readonly theme: string;
  /** Groups of themes. */
  readonly family: string;
  /** The maker or look that people stay loyal to. */
  readonly style: string;
  /** A small taste on top. */
  readonly colour: string;
}

export interface Theme {
  readonly name: string;
  readonly family: string;
  /** Item numbers in catalogue order: neighbours in it resemble each other. */
  readonly items: readonly number[];
  /** Where people go next, most usual first, with probabilities. Directed: after fruit come sweets, not before. */
  readonly next: readonly { readonly theme: string; readonly share: number }[];
  /** The day (0 = first) around which the theme is in fashion, and how much. */
  readonly fashion: { readonly day: number; readonly height: number };
}

export interface World {
  readonly items: readonly SimulatedItem[];
  readonly shape: WorldShape;
  readonly themes: ReadonlyMap<string, Theme>;
  /** Place of each item among the items of its theme. */
  readonly placeInTheme: Int32Array;
  /** How attractive each item is to everybody, log-normal with sigma 1.1: few hits, a long tail. */
  readonly appeal: Float64Array;
  readonly styles: readonly string[];
  readonly colours: readonly string[];
}

const APPEAL_SIGMA = 1.1;

/** The hidden side of a catalogue: appeal, fashions, and which theme leads to which. One seed, one world. */
export function createWorld(
  items: readonly SimulatedItem[],
  shape: WorldShape,
  { seed, days }: { readonly seed: number; readonly days: number },
): World {
  const random = seededRandom(seed).fork('world');
  const members = new Map<string, number[]>();
  const placeInTheme = new Int32Array(items.length);
  items.forEach((item, i) => {
    const theme = item.attributes[shape.theme] ?? 'other';
    const list = members.get(theme) ?? [];
    placeInTheme[i] = list.push(i) - 1;
    members.set(theme, list);
  });
  const familyOf = (theme: string) =>
    items[members.get(theme)?.[0] ?? 0]?.attributes[shape.family] ?? 'other';
  const names = [...members.keys()];
  const next = nextThemes(names, { familyOf, topicsOf: topicsByTheme(items, members) }, random.fork('next'));
  const fashion = random.fork('fashion');
  return {
    items,
    shape,
    placeInTheme,
    themes: new Map(
      names.map((name) => [
        name,
        {
          name,
          family: familyOf(name),
          items: members.get(name) ?? [],
          next: next.get(name) ?? [],
          fashion: { day: fashion.next() * days, height: 2 * fashion.next() ** 2 },
        },
      ]),
    ),
    appeal: appealOf(items.length, random.fork('appeal')),
    styles: valuesOf(items, shape.style),
    colours: valuesOf(items, shape.colour),
  };
}

/** How much more a theme is visited on a day: 1 outside its fashion, up to 3 at its height; a fashion lasts about two weeks. */
export function fashionOn({ fashion }: Theme, day: number): number {
  return 1 + fashion.height * Math.exp(-((day - fashion.day) ** 2) / (2 * 5 ** 2));
}

interface ThemeFacts {
  readonly familyOf: (theme: string) => string;
  readonly topicsOf: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Inside each family the themes form a ring in chance order; the second way leads to the theme of most shared topics elsewhere. */
function nextThemes(names: readonly string[], facts: ThemeFacts, random: Random): Map<string, Theme['next']> {
  const next = new Map<string, Theme['next']>();
  for (const family of new Set(names.map(facts.familyOf))) {
    const isAtHome = (name: string) => facts.familyOf(name) === family;
    const ring = shuffled(names.filter(isAtHome), random.fork(family));
    const foreign = names.filter((name) => !isAtHome(name));
    ring.forEach((name, i) => {
      const after = (steps: number) => ring[(i + steps) % ring.length] ?? name;
      const abroad = mostShared(name, foreign, facts.topicsOf);
      const ways = [
        { theme: after(1), share: 0.6 },
        { theme: abroad ?? after(2), share: 0.25 },
        { theme: after(2), share: 0.15 },
      ];
      next.set(
        name,
        ways.filter(({ theme }) => theme !== name),
      );
    });
  }
  return next;
}

function mostShared(
  name: string,
  others: readonly string[],
  topicsOf: ThemeFacts['topicsOf'],
): string | undefined {
  const own = topicsOf.get(name) ?? new Set<string>();
  const shared = (other: string) => {
    const theirs = topicsOf.get(other) ?? new Set<string>();
    const both = [...own].filter((topic) => theirs.has(topic)).length;
    return both / Math.sqrt(1 + theirs.size);
  };
  return others.map((other) => ({ other, score: shared(other) })).sort((a, b) => b.score - a.score)[0]?.other;
}

function topicsByTheme(items: readonly SimulatedItem[], members: ReadonlyMap<string, readonly number[]>) {
  return new Map(
    [...members].map(
      ([theme, list]) => [theme, new Set(list.flatMap((i) => items[i]?.topics ?? []))] as const,
    ),
  );
}

function appealOf(count: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => Math.exp(APPEAL_SIGMA * random.normal()));
}

function valuesOf(items: readonly SimulatedItem[], attribute: string): string[] {
  return [...new Set(items.flatMap(({ attributes }) => attributes[attribute] ?? []))].sort();
}
