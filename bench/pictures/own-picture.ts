import type { Concept, Drawing, TrainingArt } from '../../src/domain/imaging/concept.js';
import { meanDirection } from '../../src/domain/imaging/condition.js';
import { namedPalette } from '../../src/domain/imaging/palette.js';
import { seededRandom } from '../../src/domain/random.js';
import { factCounts, sharedFacets } from '../../src/domain/ranking/shared-facets.js';
import { simulateAudience, type SimulatedLife } from '../../src/domain/simulating/simulate-audience.js';
import { trueAffinity } from '../../src/domain/simulating/taste.js';
import { createWorld, type SimulatedItem } from '../../src/domain/simulating/world.js';
import type { TextEncoder } from '../../src/flow/ports.js';
import { themeOfFacets } from '../../src/flow/theme-of-facets.js';
import { DEMO_PEOPLE } from '../../src/infra/demo/demo-people.js';
import { DEMO_SHAPE } from '../../src/infra/demo/demo-world.js';
import { everydayName } from '../../src/infra/demo/everyday-name.js';
import type { Draw } from './keep-pictures.js';
import type { PictureJudge } from './picture-judge.js';
import { shrunk } from './shrunk.js';

const WORLD = { seed: 1, days: 60 } as const;
const END = new Date('2026-11-01T12:00:00Z');
/** Last choices that a wish is made of, as in picture-idea.ts. */
const RECENT = 20;

interface Shown {
  readonly judge: PictureJudge;
  readonly art: TrainingArt;
  /** (drawings): the judge's features of the art. */
  readonly features: readonly Float32Array[];
}

/**
 * Whether simulated people prefer a picture made for them without words to one made for somebody else. Each is drawn from the facts and
 * the looks of the person's last choices, as `generate(personalise: true)` does where no ranker is trained; what it shows is the nearest
 * drawing in the judge's space; and the taste that the simulator keeps hidden says how much the person wants that. Ties count half.
 */
export async function ownPicturePreferred(
  draw: Draw,
  text: TextEncoder,
  { judge, art, features }: Shown,
): Promise<{ readonly preferred: number; readonly pairs: number }> {
  const items = art.drawings.map((_, i) => itemOf(art, i));
  const world = createWorld(items, DEMO_SHAPE, WORLD);
  const lives = simulateAudience(world, {
    ...WORLD,
    end: END,
    people: DEMO_PEOPLE.length,
    declared: DEMO_PEOPLE,
    loggedPages: 0,
  });
  const people = [...lives];
  const shown: SimulatedItem[] = [];
  for (const [i, life] of people.entries()) {
    const { picture } = await draw(await wishOf(life, items, { text, art, seed: i + 1 }));
    const { features: own } = await judge.judge(await shrunk(picture, art.width));
    shown.push(items[nearest(own, features)] as SimulatedItem);
  }
  const wanted = (person: number, picture: number) =>
    trueAffinity((people[person] as SimulatedLife).person.taste, shown[picture] as SimulatedItem, DEMO_SHAPE);
  let [won, pairs] = [0, 0];
  for (const person of people.keys())
    for (const other of people.keys()) {
      if (person === other) continue;
      const difference = wanted(person, person) - wanted(person, other);
      won += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
      pairs++;
    }
  return { preferred: won / pairs, pairs };
}

function itemOf({ concepts, drawings, width }: TrainingArt, index: number): SimulatedItem {
  const { concept, style, pixels } = drawings[index] as Drawing;
  const { label, tags, group, subgroup } = concepts[concept] as Concept;
  const [kind, family] = [everydayName(subgroup), everydayName(group)];
  const colour = namedPalette({ width, height: width, channels: 3, data: pixels })[0]?.name ?? 'white';
  return {
    externalId: `${style}/${label}`,
    topics: [...new Set([kind, family, ...tags])].slice(0, 8),
    attributes: { group: family, kind, style, colour },
  };
}

interface Wishing {
  readonly text: TextEncoder;
  readonly art: TrainingArt;
  readonly seed: number;
}

async function wishOf(
  { events }: SimulatedLife,
  items: readonly SimulatedItem[],
  { text, art, seed }: Wishing,
) {
  const numberOf = new Map(items.map(({ externalId }, i) => [externalId, i]));
  const recent = events
    .filter(({ type }) => type === 'CLICK' || type === 'FAVOURITE')
    .slice(-RECENT)
    .flatMap(({ itemExternalId }) => numberOf.get(itemExternalId) ?? []);
  const liked = recent.map((i) => ({ item: items[i] as SimulatedItem, similarity: 1 }));
  const theme = themeOfFacets(sharedFacets(liked, factCounts(items)), seededRandom(seed));
  const vectors = await text.encode(
    recent.map((i) => {
      const { label = '', tags = [] } = art.concepts[art.drawings[i]?.concept ?? -1] ?? {};
      return `${label}. ${tags.join(', ')}`;
    }),
    new AbortController().signal,
  );
  return {
    words: theme.join(', '),
    style: null,
    taste: meanDirection(vectors, text.dimensions),
    seed,
    from: null,
    kind: 'text-to-image' as const,
    references: [],
  };
}

function nearest(own: Float32Array, all: readonly Float32Array[]): number {
  const distances = all.map((other) =>
    other.reduce((sum, value, i) => sum + (value - (own[i] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}
