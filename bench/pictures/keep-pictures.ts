import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { RawPicture } from '../../src/domain/media.js';
import type { ImageMaker, PictureBrief } from '../../src/flow/ports.js';

const FOLDER = '.training/bench/pictures';

export type PlainBrief = Omit<PictureBrief, 'steps' | 'guidance'>;

export interface KeptPicture {
  readonly picture: RawPicture;
  readonly seconds: number;
  /** Of all cores: another program may have had some of them meanwhile. */
  readonly cpuSeconds: number;
}

export type Draw = (brief: PlainBrief) => Promise<KeptPicture>;

/** Draws with the maker's defaults and keeps every picture, so that a bench that is stopped goes on where it was. `key` names the weights and the code. */
export function keepPictures(maker: ImageMaker, key: string): Draw {
  return async (plain) => {
    const brief = { ...plain, ...maker.defaults };
    const told = { ...brief, taste: brief.taste && [...brief.taste] };
    const name = createHash('sha256')
      .update(JSON.stringify([key, maker.model, told]))
      .digest('hex');
    const file = `${FOLDER}/${name.slice(0, 24)}`;
    return (await readKept(file)) ?? keep(file, await timed(maker, brief));
  };
}

async function timed(maker: ImageMaker, brief: PictureBrief): Promise<KeptPicture> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const { picture } = await maker.make(brief, new AbortController().signal, () => undefined);
  const { user, system } = process.cpuUsage(before);
  return { picture, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

async function readKept(file: string): Promise<KeptPicture | null> {
  const times = await readFile(`${file}.json`, 'utf8').catch(() => null);
  if (times === null) return null;
  const { data, info } = await sharp(`${file}.png`).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const picture = {
    width: info.width,
    height: info.height,
    channels: 3 as const,
    data: new Uint8Array(data),
  };
  return { picture, ...(JSON.parse(times) as Omit<KeptPicture, 'picture'>) };
}

async function keep(file: string, kept: KeptPicture): Promise<KeptPicture> {
  const { picture, ...times } = kept;
  const { width, height, channels, data } = picture;
  await mkdir(FOLDER, { recursive: true });
  await sharp(data, { raw: { width, height, channels } }).png().toFile(`${file}.png`);
  await writeFile(`${file}.part`, JSON.stringify(times)); // the last step: what has times is whole
  await rename(`${file}.part`, `${file}.json`);
  return kept;
}
