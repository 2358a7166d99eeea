import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** One drawing of one idea by one invented studio. */
export interface DemoArt {
  /** Stable: `<style>/<icon name>`. */
  readonly id: string;
  /** Unicode code points in hex: the same idea in every style. */
  readonly idea: string;
  readonly title: string;
  readonly group: string;
  readonly subgroup: string;
  readonly tags: readonly string[];
  readonly style: DemoStyle['style'];
  readonly artist: string;
  /** 512 x 512, self-contained. */
  readonly svg: string;
}

export interface DemoStyle {
  readonly style: 'flat' | 'soft' | 'crisp';
  /** An invented studio of the demo world; who really drew the art stands in `credit`. */
  readonly artist: string;
  readonly iconSet: string;
  readonly credit: string;
  readonly licence: string;
}

/** Who really drew the art, and on which terms; NOTICE and the page say the same. */
export const DEMO_STYLES: readonly DemoStyle[] = [
  {
    style: 'flat',
    artist: 'Studio Pebble',
    iconSet: 'fluent-emoji-flat',
    credit: 'Fluent Emoji by Microsoft',
    licence: 'MIT',
  },
  {
    style: 'soft',
    artist: 'Paper Lantern',
    iconSet: 'noto',
    credit: 'Noto Emoji by Google',
    licence: 'Apache-2.0',
  },
  {
    style: 'crisp',
    artist: 'Inkwell & Sons',
    iconSet: 'twemoji',
    credit: 'Twemoji by Twitter, Inc and other contributors',
    licence: 'CC-BY-4.0',
  },
];

/** Why an idea is not in the catalogue; counted, so that nothing is left out silently. */
export type LeftOut = 'component' | 'country flag' | 'gender or family variant' | 'mirror image';

interface Idea {
  readonly label: string;
  readonly hexcode: string;
  readonly tags?: readonly string[];
  readonly group?: number;
  readonly subgroup?: number;
  readonly gender?: number;
}
interface GroupNames {
  readonly groups: Readonly<Record<string, string>>;
  readonly subgroups: Readonly<Record<string, string>>;
}
interface IconSet {
  readonly icons: Readonly<Record<string, Icon>>;
  readonly aliases?: Readonly<Record<string, Icon & { readonly parent: string }>>;
  readonly width?: number;
  readonly height?: number;
}
interface Icon {
  readonly body?: string;
  readonly width?: number;
  readonly height?: number;
  readonly hFlip?: boolean;
}

const PIXELS = 512;
const require = createRequire(import.meta.url);

/** Every drawing of the demo world, by style, then in Unicode order. Skin-tone variants never enter: they nest in the data. */
export async function loadDemoArt(
  styles: readonly DemoStyle['style'][] = ['flat', 'soft', 'crisp'],
): Promise<DemoArt[]> {
  const { ideas, names } = await readIdeas();
  const kept = ideas.flatMap((idea) => {
    const place = placeOf(idea, names);
    return reasonToLeaveOut(idea, place) === null && place ? [{ ...describe(idea), ...place }] : [];
  });
  const wanted = DEMO_STYLES.filter(({ style }) => styles.includes(style));
  return (await Promise.all(wanted.map((style) => drawingsOf(style, kept)))).flat();
}

/** How many ideas were left out, by reason. */
export async function leftOutOfDemoArt(): Promise<Map<LeftOut, number>> {
  const { ideas, names } = await readIdeas();
  const counts = new Map<LeftOut, number>();
  for (const idea of ideas) {
    const reason = reasonToLeaveOut(idea, placeOf(idea, names));
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}

type Place = Pick<DemoArt, 'group' | 'subgroup'>;
type DescribedIdea = Pick<DemoArt, 'idea' | 'title' | 'tags'> & Place;

/** "man running" and "woman running" beside "person running" would be near-copies in a feed. */
const VARIANT = /^(man|woman|men|women|family|kiss|couple with heart)\b[ :]/;

function reasonToLeaveOut(idea: Idea, place: Place | null): LeftOut | null {
  if (!place || place.group === 'component') return 'component';
  if (/^(country|subdivision)-flag$/.test(place.subgroup)) return 'country flag';
  if (idea.label.endsWith(': facing right')) return 'mirror image';
  const isVariant = VARIANT.test(idea.label) || idea.gender !== undefined;
  return place.group === 'people-body' && isVariant ? 'gender or family variant' : null;
}

async function readIdeas(): Promise<{ ideas: Idea[]; names: GroupNames }> {
  const [ideas, names] = await Promise.all([
    readJson<Idea[]>('emojibase-data/en/data.json'),
    readJson<GroupNames>('emojibase-data/meta/groups.json'),
  ]);
  return { ideas, names };
}

function placeOf(idea: Idea, { groups, subgroups }: GroupNames): Place | null {
  const [group, subgroup] = [groups[String(idea.group)], subgroups[String(idea.subgroup)]];
  return group && subgroup ? { group, subgroup } : null;
}

async function drawingsOf(style: DemoStyle, ideas: readonly DescribedIdea[]): Promise<DemoArt[]> {
  const [set, names] = await Promise.all([
    readJson<IconSet>(`@iconify-json/${style.iconSet}/icons.json`),
    readJson<Record<string, string>>(`@iconify-json/${style.iconSet}/chars.json`),
  ]);
  return ideas.flatMap((described) => {
    const code = described.idea.toLowerCase();
    const name = names[code] ?? names[code.replaceAll('-fe0f', '')];
    const svg = name === undefined ? null : svgOf(set, name);
    if (name === undefined || !svg) return [];
    return [{ ...described, id: `${style.style}/${name}`, style: style.style, artist: style.artist, svg }];
  });
}

function describe(entry: Idea): Pick<DemoArt, 'idea' | 'title' | 'tags'> {
  const title = entry.label.charAt(0).toUpperCase() + entry.label.slice(1);
  const tags = (entry.tags ?? [])
    .map((tag) => tag.toLowerCase())
    .filter((tag) => tag !== entry.label.toLowerCase());
  return { idea: entry.hexcode, title, tags };
}

function svgOf(set: IconSet, name: string): string | null {
  const alias = set.aliases?.[name];
  const icon = set.icons[alias?.parent ?? name];
  if (!icon?.body) return null;
  const { width = 16, height = 16 } = { ...sizeOf(set), ...sizeOf(icon) };
  const body = alias?.hFlip ? `<g transform="translate(${width} 0) scale(-1 1)">${icon.body}</g>` : icon.body;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${PIXELS}" height="${PIXELS}" viewBox="0 0 ${width} ${height}">${body}</svg>`
  );
}

function sizeOf({ width, height }: { width?: number; height?: number }): { width?: number; height?: number } {
  return { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
}

async function readJson<T>(specifier: string): Promise<T> {
  return JSON.parse(await readFile(require.resolve(specifier), 'utf8')) as T;
}
