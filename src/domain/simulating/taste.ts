import type { Random } from '../random.js';
import { shuffled } from '../random.js';
import type { SimulatedItem, World, WorldShape } from './world.js';

/** What a simulated person likes. Hidden from the ranker: it sees only what the person does. */
export interface Taste {
  /** Liking of themes in 0..1; a theme that is not named leaves the person cold. */
  readonly themes: Readonly<Record<string, number>>;
  readonly styles: Readonly<Record<string, number>>;
  /** -1..1. */
  readonly colours: Readonly<Record<string, number>>;
  readonly topics: readonly string[];
  /** 0 keeps to what is known, 1 tries everything. */
  readonly novelty: number;
}

/** A taste that a person states, as far as stated; chance fills in the rest. */
export interface DeclaredTaste {
  readonly themes: readonly string[];
  readonly styles?: readonly string[];
  readonly colours?: readonly string[];
}

/** Weights of the utility; fitted by hand so that a loved theme in a loved style scores 0.8 to 0.9 and a stranger 0.05. */
const WEIGHT = { theme: 3.2, style: 1.2, colour: 0.7, topic: 0.8 } as const;
const OFFSET = 3.4;

/** How much a person would want an item, in (0, 1), were it seen alone and unhurried: the truth a ranker is judged by. */
export function trueAffinity(
  taste: Taste,
  { topics, attributes }: Pick<SimulatedItem, 'topics' | 'attributes'>,
  shape: WorldShape,
): number {
  const liking = (table: Readonly<Record<string, number>>, attribute: string) =>
    table[attributes[attribute] ?? ''] ?? 0;
  const topicHits = Math.min(2, topics.filter((topic) => taste.topics.includes(topic)).length);
  const utility =
    WEIGHT.theme * liking(taste.themes, shape.theme) +
    WEIGHT.style * liking(taste.styles, shape.style) +
    WEIGHT.colour * liking(taste.colours, shape.colour) +
    (WEIGHT.topic * topicHits) / 2;
  return 1 / (1 + Math.exp(OFFSET - utility));
}

/** A taste by chance, around the declared part of it if there is one. */
export function drawTaste(world: World, declared: DeclaredTaste | null, random: Random): Taste {
  const names = [...world.themes.keys()];
  const loved = declared?.themes ?? shuffled(names, random.fork('themes')).slice(0, 2 + random.int(3));
  const themes = spread(world, loved);
  const [style] = declared?.styles ?? shuffled(world.styles, random.fork('styles'));
  const colours = declared?.colours ?? shuffled(world.colours, random.fork('colours')).slice(0, 2);
  const disliked = shuffled(world.colours, random.fork('disliked')).find(
    (colour) => !colours.includes(colour),
  );
  const ownTopics = loved.flatMap((theme) =>
    (world.themes.get(theme)?.items ?? []).flatMap((i) => world.items[i]?.topics.slice(2) ?? []),
  );
  return {
    themes,
    styles: Object.fromEntries(world.styles.map((name) => [name, name === style ? 1 : 0.35 * random.next()])),
    colours: {
      ...Object.fromEntries(colours.map((colour) => [colour, 1])),
      ...(disliked ? { [disliked]: -1 } : {}),
    },
    topics: shuffled([...new Set(ownTopics)], random.fork('topics')).slice(0, 8),
    novelty: random.next() ** 2,
  };
}

/** Liking flows along the ways between themes: 1 where loved, 0.65 at the next theme, 0.4 one further. */
function spread(world: World, loved: readonly string[]): Record<string, number> {
  const themes: Record<string, number> = {};
  const reach = (name: string, liking: number) => {
    if (liking < 0.35 || (themes[name] ?? 0) >= liking) return;
    themes[name] = liking;
    for (const { theme, share } of world.themes.get(name)?.next ?? []) {
      reach(theme, liking * (share > 0.5 ? 0.65 : 0.4));
    }
  };
  for (const name of loved) reach(name, 1);
  return themes;
}

/** Tastes move: a loved theme fades, and the next one on its way takes its place. */
export function drift(taste: Taste, world: World, random: Random): Taste {
  const loved = Object.keys(taste.themes).filter((theme) => taste.themes[theme] === 1);
  const fading = loved[random.int(Math.max(1, loved.length))];
  const heir = fading === undefined ? undefined : world.themes.get(fading)?.next[0]?.theme;
  if (fading === undefined || heir === undefined) return taste;
  return { ...taste, themes: { ...taste.themes, ...spread(world, [heir]), [fading]: 0.4 } };
}
