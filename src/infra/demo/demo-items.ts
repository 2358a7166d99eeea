import sharp from 'sharp';
import type { DemoItem } from '../../flow/ports.js';
import { palette } from '../pictures/palette.js';
import { loadDemoArt, type DemoArt, type DemoStyle } from './art.js';
import { everydayName } from './everyday-name.js';

/** 24 pixels a side are enough to name a colour, and ten times cheaper than a thumbnail. */
const SAMPLE = 24;

/** As many as rasterise at once on two cores without starving anybody else. */
const TOGETHER = 8;

const MOST_TOPICS = 8;

/** The demo catalogue: every drawing with its words, and its dominant colour measured from its pixels. */
export async function* demoItems({ styles, groups }: Selection = {}): AsyncGenerator<DemoItem> {
  const drawings = (await loadDemoArt(styles)).filter(
    ({ group }) => groups?.includes(everydayName(group)) ?? true,
  );
  for (let from = 0; from < drawings.length; from += TOGETHER) {
    yield* await Promise.all(drawings.slice(from, from + TOGETHER).map(itemOf));
  }
}

interface Selection {
  readonly styles?: readonly DemoStyle['style'][];
  /** Everyday names; null or absent takes all. */
  readonly groups?: readonly string[] | null;
}

async function itemOf(art: DemoArt): Promise<DemoItem> {
  const colour = await dominantColour(art.svg);
  const [group, kind] = [everydayName(art.group), everydayName(art.subgroup)];
  return {
    externalId: art.id,
    title: art.title,
    summary: `A ${art.style} ${colour} sticker by ${art.artist}: ${[art.title.toLowerCase(), ...art.tags.slice(0, 4)].join(', ')}.`,
    topics: [...new Set([kind, group, ...art.tags])].slice(0, MOST_TOPICS),
    attributes: { group, kind, style: art.style, artist: art.artist, colour },
    svg: art.svg,
    alt: `${art.title}, ${art.style} sticker`,
  };
}

async function dominantColour(svg: string): Promise<string> {
  const density = (72 * SAMPLE) / 512; // the art says 512 pixels; rendering it at 24 saves the difference
  const { data, info } = await sharp(Buffer.from(svg), { density })
    .resize(SAMPLE, SAMPLE, { fit: 'contain', background: { r: 0, g: 0, b: 0, alpha: 0 } })
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return palette({ width: info.width, height: info.height, channels: 4, data })[0]?.name ?? 'white';
}
