import { mkdir, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { RawPicture } from '../../src/domain/media.js';
import { shrunk } from './shrunk.js';

/** Rows 1-4: what the art shows. Rows 5-8: colours, pairs and scenes that no drawing shows. */
export const SHEET_BRIEFS: readonly string[] = [
  ...['red apple', 'cat face', 'grinning face', 'rose', 'automobile', 'house', 'evergreen tree', 'full moon'],
  ...['pizza', 'dog face', 'castle', 'tropical fish', 'star', 'owl', 'sunflower', 'ice cream'],
  ...['rocket', 'robot', 'crown', 'guitar', 'sailboat', 'red heart', 'mushroom', 'butterfly'],
  ...['strawberry', 'penguin', 'cactus', 'hot beverage', 'rainbow', 'bear', 'soccer ball', 'ghost'],
  ...[
    'blue rose',
    'green cat',
    'purple car',
    'pink elephant',
    'blue apple',
    'red moon',
    'black star',
    'green heart',
  ],
  ...[
    'blue face',
    'purple dog',
    'pink house',
    'orange fish',
    'yellow bird',
    'red tree',
    'blue pizza',
    'green fox',
  ],
  ...[
    'cat with a crown',
    'sad robot',
    'angry apple',
    'happy moon',
    'frog with a hat',
    'star on the ocean',
    'flower house',
    'ghost cat',
  ],
  ...[
    'spooky castle',
    'sleepy bear',
    'summer drink',
    'cold mountain',
    'party dog',
    'love letter',
    'magic potion',
    'space ship',
  ],
];
const SHEET = 'docs/images/contact-sheet.png';
const SIDE = 160;
const PER_ROW = 8;

/** One picture a brief as a page of 8 x 8, and a table of the briefs beSIDE it. */
export async function writeSheet(pictures: readonly RawPicture[]): Promise<void> {
  const tiles = await Promise.all(
    pictures.map(async (picture, i) => ({
      input: await sharp(await shrunk(picture, SIDE), { raw: { width: SIDE, height: SIDE, channels: 3 } })
        .png()
        .toBuffer(),
      left: (i % PER_ROW) * (SIDE + 8) + 4,
      top: Math.floor(i / PER_ROW) * (SIDE + 8) + 4,
    })),
  );
  const [width, height] = [PER_ROW * (SIDE + 8), Math.ceil(pictures.length / PER_ROW) * (SIDE + 8)];
  await mkdir('docs/images', { recursive: true });
  const sheet = sharp({ create: { width, height, channels: 3, background: '#ffffff' } }).composite(tiles);
  await sheet.png({ palette: true, effort: 8 }).toFile(SHEET);
  const rows = Array.from({ length: SHEET_BRIEFS.length / PER_ROW }, (_, r) =>
    SHEET_BRIEFS.slice(r * PER_ROW, (r + 1) * PER_ROW),
  );
  const table = rows.map((row, r) => `| ${r + 1} | ${row.join(' | ')} |`).join('\n');
  const head = `| row | ${Array.from({ length: PER_ROW }, (_, i) => i + 1).join(' | ')} |\n|${' --- |'.repeat(PER_ROW + 1)}`;
  const text = `# What the built-in model draws\n\nMade by \`npm run bench:images\`; one picture for each brief, first seed, none picked.\n\n![contact sheet](contact-sheet.png)\n\n${head}\n${table}\n`;
  await writeFile('docs/images/contact-sheet.md', text);
}
