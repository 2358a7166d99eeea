import type { Express } from 'express';
import type { Ports } from '../flow/ports.js';
import type { ReferenceAddresses } from './receive-upload.js';

/**
 * `GET /reference-thumbnails/<id>`: how a reference picture looks, 160 pixels, by an address that only its owner is given. Forged and
 * expired ones and those of deleted pictures look the same, and no cache but the owner's browser may keep it, for the address's time.
 */
export function showThumbnails(
  app: Express,
  { clock, pictures, references }: Pick<Ports, 'clock' | 'pictures' | 'references'>,
  addresses: Pick<ReferenceAddresses, 'verify'>,
): void {
  app.get('/reference-thumbnails/:id', async (request, response) => {
    const id = addresses.verify(request.originalUrl, clock.now());
    const bytes = id === null ? null : await references.get(id);
    if (bytes === null) {
      response.status(404).end();
      return;
    }
    response
      .set({
        'content-type': 'image/webp',
        'cache-control': 'private, max-age=600',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      })
      .send(Buffer.from(await pictures.thumbnail(bytes)));
  });
}
