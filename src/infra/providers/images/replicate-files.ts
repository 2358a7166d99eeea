import type Replicate from 'replicate';
import type { RawPicture } from '../../../domain/media.js';
import type { PictureBrief } from '../../../flow/ports.js';
import { pngOf } from './picture-bytes.js';
import { asked } from './replicate-client.js';
import type { PictureAddresses } from './replicate-models.js';

export interface SentPictures extends PictureAddresses {
  /** Takes them back: what the provider does not hold it cannot lose. */
  remove(): Promise<void>;
}

const REMOVE_TIMEOUT_MS = 10_000;

/** Uploads the brief's pictures for one run. Files, not data URLs: the client breaks those, and they end up in logs. */
export async function sendPictures(
  client: Replicate,
  { from, references }: PictureBrief,
  signal: AbortSignal,
): Promise<SentPictures> {
  const sent: string[] = [];
  const remove = async () => {
    const removed = sent.map((id) =>
      client.files.delete(id, { signal: AbortSignal.timeout(REMOVE_TIMEOUT_MS) }).catch(() => null),
    );
    await Promise.all(removed); // what stays behind expires at the provider after a day
  };
  const send = async (picture: RawPicture): Promise<string> => {
    const content = new Blob([new Uint8Array(await pngOf(picture))], { type: 'image/png' });
    const file = await asked(client.files.create(content, {}, { signal }), signal);
    sent.push(file.id);
    return file.urls.get;
  };
  try {
    const start = from === null ? null : await send(from.picture);
    const urls = [];
    for (const { role, picture } of references) urls.push({ role, url: await send(picture) });
    return { from: start, references: urls, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
