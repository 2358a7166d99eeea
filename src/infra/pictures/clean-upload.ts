import type { RawPicture } from '../../domain/media.js';
import type { CleanPicture } from '../../flow/ports.js';
import { aiMark, readAiMark } from './ai-mark.js';
import { openPicture } from './open-picture.js';

/** More than any of the providers' models looks at. */
const MAX_SIDE = 2_048;

/** See PicturePipeline.cleanUpload. A new file from pixels alone: what is not copied cannot leak. */
export async function cleanUpload(bytes: Uint8Array): Promise<CleanPicture> {
  const picture = (await openPicture(bytes)).resize({
    ...{ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true },
  });
  const aiMarked = await readAiMark(bytes);
  const marked = aiMarked ? picture.withXmp(aiMark('unknown, uploaded')) : picture;
  const { data, info } = await marked.png({ compressionLevel: 6 }).toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height, aiMarked };
}

const THUMBNAIL_SIDE = 160;

export async function thumbnail(bytes: Uint8Array): Promise<Uint8Array> {
  const side = { width: THUMBNAIL_SIDE, height: THUMBNAIL_SIDE };
  const small = (await openPicture(bytes)).resize({ ...side, fit: 'inside', withoutEnlargement: true });
  return small.webp({ quality: 80 }).toBuffer();
}

export async function decodeUpload(bytes: Uint8Array): Promise<RawPicture> {
  const picture = await openPicture(bytes);
  const { data, info } = await picture
    .flatten({ background: '#ffffff' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: 3, data };
}
