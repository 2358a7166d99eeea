import { DomainError } from '../domain/errors.js';
import { seededRandom, type Random } from '../domain/random.js';
import type { ItemId } from '../domain/ids.js';
import type { Item } from '../domain/item.js';
import type { Facet } from '../domain/person.js';
import type { GeneratePicturesPayload } from './jobs.js';
import type { Ports } from './ports.js';
import { viewerSignals } from './viewer-signals.js';

/** What shall be drawn, and what of the person went into it: shown in the recipe, sent to nobody else. */
export interface PictureIdea {
  readonly words: string;
  readonly title: string;
  readonly topics: readonly string[];
  /** Labels of what was used about the person; empty when not personalised. */
  readonly facets: readonly string[];
  readonly taste: Float32Array | null;
}

const RECENT = 20;

/**
 * The brief: the person's own words first; their taste adds a colour and a theme only where the words leave room
 * (no words at all), and the taste vector, which bends the picture without putting words into their mouth.
 */
export async function pictureIdea(
  ports: Pick<Ports, 'stores' | 'clock'>,
  payload: GeneratePicturesPayload,
  seed: number,
): Promise<PictureIdea> {
  const signals = await signalsOf(ports, payload);
  const sources = await ports.stores.items.byIds([
    ...payload.basedOn,
    ...(payload.remixOf === null ? [] : [payload.remixOf]),
  ]);
  const recentIds = signals.history.slice(-RECENT).map(({ itemId }) => itemId);
  const recent = await ports.stores.items.byIds(recentIds);
  const facets = signals.facets.filter(({ weight }) => weight > 0);
  const own = (payload.brief ?? '').trim();
  const theme = own !== '' ? [] : themeOf({ sources, recent, facets }, seededRandom(seed));
  const words = [own, ...theme].filter((part) => part !== '').join(', ');
  const taste = payload.personalise ? await meanVector(ports, recentIds) : null;
  return {
    words,
    title: titleOf(words),
    topics: topicsOf(words, sources),
    facets: payload.personalise ? used(facets, theme, taste) : [],
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

async function meanVector(
  { stores }: Pick<Ports, 'stores'>,
  ids: readonly ItemId[],
): Promise<Float32Array | null> {
  const vectors = [...(await stores.items.vectors(ids)).values()];
  const [first] = vectors;
  if (first === undefined) return null;
  const mean = new Float32Array(first.length);
  for (const vector of vectors) vector.forEach((v, i) => (mean[i] = (mean[i] ?? 0) + v / vectors.length));
  const norm = Math.hypot(...mean) || 1;
  return mean.map((v) => v / norm);
}

function titleOf(words: string): string {
  const short = words.length > 60 ? `${words.slice(0, 57).trimEnd()}…` : words;
  return short.charAt(0).toUpperCase() + short.slice(1);
}

const FILLERS = new Set(['a', 'an', 'the', 'with', 'and', 'of', 'in', 'on', 'for', 'to']);

function topicsOf(words: string, sources: readonly Item[]): string[] {
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
