import type { EventType } from '../event.js';
import { seededRandom, type Random } from '../random.js';
import { browse, newMemory, type Act } from './browse.js';
import { drawTaste, drift, type DeclaredTaste, type Taste } from './taste.js';
import type { World } from './world.js';

/** A person with a name and a stated taste, for the demo's person chooser. */
export interface DeclaredPerson {
  readonly externalId: string;
  readonly displayName: string;
  readonly about: string;
  readonly taste: DeclaredTaste;
}

/** Never mistaken for a real person: `simulated` travels along to the store. */
export interface SimulatedPerson {
  readonly externalId: string;
  readonly displayName: string;
  readonly about: string | null;
  readonly simulated: true;
  /** As it is at the end of the simulated time. */
  readonly taste: Taste;
}

export interface SimulatedEvent {
  readonly clientEventId: string;
  readonly personExternalId: string;
  readonly itemExternalId: string;
  readonly type: EventType;
  readonly position: number;
  readonly at: Date;
}

export interface SimulatedLife {
  readonly person: SimulatedPerson;
  /** Oldest first. */
  readonly events: readonly SimulatedEvent[];
}

export interface AudienceOptions {
  readonly seed: number;
  /** All people, the declared ones among them. */
  readonly people: number;
  readonly declared: readonly DeclaredPerson[];
  readonly days: number;
  /** Nothing happens after it. */
  readonly end: Date;
  /** Share of pages whose impressions and skips are logged: all of them would be nine rows in ten and teach little. */
  readonly loggedPages: number;
}

const DAY_MS = 86_400_000;
const MEAN_VISITS = 11;

/** A whole audience, one life at a time. Same seed, same world: adding a person changes nobody else's life. */
export function* simulateAudience(world: World, options: AudienceOptions): Generator<SimulatedLife> {
  const root = seededRandom(options.seed);
  for (let i = 0; i < options.people; i++) {
    yield live(world, options, i, root.fork(`person/${i}`));
  }
}

function live(world: World, options: AudienceOptions, index: number, random: Random): SimulatedLife {
  const declared = options.declared[index] ?? null;
  const { externalId, displayName, about } = declared ?? visitor(index);
  let taste = drawTaste(world, declared?.taste ?? null, random.fork('taste'));
  const memory = newMemory();
  const events: SimulatedEvent[] = [];
  const idOf = (serial: number) => `sim-${options.seed}-${externalId}-${serial}`;
  for (const [visitNumber, day] of visitDays(options, declared !== null, random.fork('calendar')).entries()) {
    const chance = random.fork(`visit/${visitNumber}`);
    if (!declared && chance.next() < 0.05 + 0.1 * taste.novelty) taste = drift(taste, world, chance);
    const visit = { day, taste, pages: 2 + chance.int(6) };
    const begin = options.end.getTime() - (options.days - day) * DAY_MS;
    for (const act of logged(browse(world, visit, memory, chance), options.loggedPages, chance)) {
      events.push({
        ...toEvent(world, act, begin),
        clientEventId: idOf(events.length),
        personExternalId: externalId,
      });
    }
  }
  return { person: { externalId, displayName, about, simulated: true, taste }, events };
}

function toEvent(
  world: World,
  { item, type, position, second }: Act,
  begin: number,
): Pick<SimulatedEvent, 'itemExternalId' | 'type' | 'position' | 'at'> {
  const itemExternalId = world.items[item]?.externalId ?? '';
  return { itemExternalId, type, position, at: new Date(begin + second * 1000) };
}

function visitor(index: number): Omit<DeclaredPerson, 'taste' | 'about'> & { about: null } {
  const number = String(index + 1).padStart(4, '0');
  return { externalId: `sim-${number}`, displayName: `Simulated visitor ${number}`, about: null };
}

/** Days (with fraction) of a person's visits, rising, at least three hours apart and all over an hour before the end. */
function visitDays({ days }: AudienceOptions, isDeclared: boolean, random: Random): number[] {
  const hour = (7 + 15 * random.next()) / 24;
  const wanted = isDeclared ? 14 : Math.round(MEAN_VISITS * Math.exp(0.6 * random.normal() - 0.18));
  const first = isDeclared ? 0 : Math.floor(random.next() ** 2 * days * 0.8);
  const drawn = Array.from(
    { length: Math.max(2, wanted) },
    () => first + random.int(days - first) + hour + (random.next() - 0.5) / 6,
  ).sort((a, b) => a - b);
  const latest = days - 1 / 24;
  return drawn.filter((day, i) => day > 0 && day < latest && (i === 0 || day - (drawn[i - 1] ?? 0) > 1 / 8));
}

function* logged(acts: Iterable<Act>, share: number, random: Random): Generator<Act> {
  const chance = random.fork('logged');
  let page = -1;
  let isLogged = false;
  for (const act of acts) {
    if (act.page !== page) isLogged = chance.next() < share;
    page = act.page;
    const isQuiet = act.type === 'IMPRESSION' || act.type === 'SKIP';
    if (isLogged || !isQuiet) yield act;
  }
}
