import { DomainError } from '../domain/errors.js';
import { briefColours } from '../domain/imaging/brief-colours.js';
import { seededRandom, type Random } from '../domain/random.js';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Facet } from '../domain/person.js';
import type { GeneratePicturesPayload } from './jobs.js';
import type { Ports } from './ports.js';
import { around, type Imagined } from './imagine.js';
import { themeOfFacets } from './theme-of-facets.js';
import { viewerSignals, type ViewerSignals } from './viewer-signals.js';

/** What shall be drawn, and what of the person went into it: shown in the recipe, sent to nobody else. */
export interface PictureIdea {
  readonly words: string;
  readonly title: string;
  readonly topics: readonly string[];
  /** Labels of what was used about the person; empty when not personalised. */
  readonly facets: readonly string[];
  /** Real items near the imagined one, if the idea comes from there. */
  readonly nearest: readonly ItemId[];
  readonly taste: Float32Array | null;
}

const RECENT = 20;

/** Real items that lend the imagined one their words and looks. */
const NEAREST = 8;
type IdeaPorts = Pick<Ports, 'stores' | 'clock' | 'rankers'>;

/**
 * The brief: the person's own words first. Where there are none, what a trained ranker imagines for the person next, told by the
 * real items near it; without one, a colour and a theme of recent choices. The taste vector bends the picture without putting
 * words into their mouth.
 */
export async function pictureIdea(
  ports: IdeaPorts,
  payload: GeneratePicturesPayload,
  seed: number,
): Promise<PictureIdea> {
  const signals = await signalsOf(ports, payload);
  const sources = await ports.stores.items.byIds([
    ...payload.basedOn,
    ...(payload.remixOf === null ? [] : [payload.remixOf]),
  ]);
  const own = (payload.brief ?? '').trim();
  if (own !== '' || sources.length > 0) return recentIdea(ports, { payload, signals, sources, own }, seed);
  const imagined = await imaginedFor(ports, payload, signals);
  if (imagined === null) return recentIdea(ports, { payload, signals, sources, own }, seed);
  return imaginedIdea(ports, imagined, { signals, random: seededRandom(seed) });
}

/** Null where nothing about the person may be used, or nothing is trained yet. */
async function imaginedFor(
  { rankers }: IdeaPorts,
  { catalogueId, personalise }: GeneratePicturesPayload,
  signals: ViewerSignals,
): Promise<Imagined | null> {
  if (!personalise || !signals.profiled) return null;
  const imagined = await around(await rankers.view(catalogueId), signals, NEAREST);
  return imagined === null || imagined.nearest.length === 0 ? null : imagined;
}

async function imaginedIdea(
  ports: IdeaPorts,
  { nearest, facets }: Imagined,
  { signals, random }: { readonly signals: ViewerSignals; readonly random: Random },
): Promise<PictureIdea> {
  const stated = signals.facets.filter(({ weight }) => weight > 0);
  const shared = themeOfFacets([...facets, ...stated], random);
  const [first] = nearest;
  const theme = shared.length > 0 || first === undefined ? shared : [first.item.title.toLowerCase()];
  const words = theme.join(', ');
  const taste = await meanVector(
    ports,
    nearest.map(({ item, similarity }) => [item.id, similarity] as const),
  );
  return {
    words,
    title: titleOf(words),
    topics: topicsOf(words, []),
    facets: [...theme, ...(taste === null ? [] : ['the look of things near what you may want next'])],
    nearest: nearest.map(({ item }) => item.id),
    taste,
  };
}

interface IdeaMaterial {
  readonly payload: GeneratePicturesPayload;
  readonly signals: ViewerSignals;
  readonly sources: readonly Item[];
  readonly own: string;
}

async function recentIdea(
  ports: IdeaPorts,
  { payload, signals, sources, own }: IdeaMaterial,
  seed: number,
): Promise<PictureIdea> {
  const recentIds = signals.history.slice(-RECENT).map(({ itemId }) => itemId);
  const recent = await ports.stores.items.byIds(recentIds);
  const facets = signals.facets.filter(({ weight }) => weight > 0);
  const theme = own !== '' ? [] : themeOf({ sources, recent, facets }, seededRandom(seed));
  const words = [own, ...theme].filter((part) => part !== '').join(', ');
  const evenly = recentIds.map((id) => [id, 1] as const);
  const taste = payload.personalise ? await meanVector(ports, evenly) : null;
  return {
    words,
    title: titleOf(words),
    topics: topicsOf(words, sources),
    facets: payload.personalise ? used(facets, theme, taste) : [],
    nearest: [],
    taste,
  };
}

async function signalsOf(
  ports: Pick<Ports, 'stores' | 'clock'>,
  { personId, personalise }: GeneratePicturesPayload,
) {
  const person = await ports.stores.people.byId(personId);
  if (person === null)
    throw new DomainError('NOT_FOUND', 'the person who asked for this picture is no longer here');
  return viewerSignals(ports, person, !personalise);
}

interface Material {
  readonly sources: readonly Item[];
  readonly recent: readonly Item[];
  readonly facets: readonly Facet[];
}

/** A thing and a colour: from the sources if there are any, else from stated tastes and recent choices, by seeded chance. */
function themeOf({ sources, recent, facets }: Material, random: Random): string[] {
  if (sources.length > 0) return sources.slice(0, 3).map(({ title }) => title.toLowerCase());
  const stated = facets.map(({ value }) => value);
  const subjects = recent.map(({ title }) => title.toLowerCase());
  const colours = recent.flatMap(({ attributes }) => attributes['colour'] ?? []);
  const subject = pick([...stated, ...subjects], random) ?? 'a surprise';
  const colour = pick(colours, random);
  return [colour === undefined || subject.includes(colour) ? subject : `${colour} ${subject}`];
}

function pick<T>(from: readonly T[], random: Random): T | undefined {
  return from.length === 0 ? undefined : from[random.int(from.length)];
}

/** The direction of the weighted mean of the items' text vectors. */
async function meanVector(
  { stores }: Pick<Ports, 'stores'>,
  weighted: readonly (readonly [ItemId, number])[],
): Promise<Float32Array | null> {
  const vectors = await stores.items.vectors(weighted.map(([id]) => id));
  const [first] = vectors.values();
  if (first === undefined) return null;
  const mean = new Float32Array(first.length);
  for (const [id, weight] of weighted)
    vectors.get(id)?.forEach((v, i) => (mean[i] = (mean[i] ?? 0) + weight * v));
  const norm = Math.hypot(...mean) || 1;
  return mean.map((v) => v / norm);
}

function titleOf(brief: string): string {
  const { words } = briefColours(brief);
  const short = words.length > 60 ? `${words.slice(0, 57).trimEnd()}…` : words;
  return short.charAt(0).toUpperCase() + short.slice(1);
}

const FILLERS = new Set(['a', 'an', 'the', 'with', 'and', 'of', 'in', 'on', 'for', 'to']);

function topicsOf(brief: string, sources: readonly Item[]): string[] {
  const { words } = briefColours(brief);
  const own = words.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const inherited = sources.flatMap(({ topics }) => topics.slice(0, 3));
  return [...new Set([...own, ...inherited])]
    .filter((word) => word.length > 1 && !FILLERS.has(word))
    .slice(0, 12);
}

function used(facets: readonly Facet[], theme: readonly string[], taste: Float32Array | null): string[] {
  const stated = facets
    .map(({ value }) => value)
    .filter((value) => theme.some((part) => part.includes(value)));
  return [
    ...stated,
    ...(theme.length > 0 ? theme : []),
    ...(taste === null ? [] : [`the look of your last choices`]),
  ];
}
