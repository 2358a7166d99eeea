import type { RequestHandler } from 'express';
import type { Ports } from '../flow/ports.js';
import type { IdSeal } from './ids.js';

/** An archive by an address that only we can make and that runs out; forged, expired and unknown look the same. */
export function downloadDoor(
  { blobs, clock }: Pick<Ports, 'blobs' | 'clock'>,
  ids: IdSeal,
): RequestHandler<{ sealed: string }> {
  return async (request, response) => {
    const found = ids.peek(request.params.sealed);
    const [hash = '', until = '0'] = found?.kind === 'Download' ? found.value.split('|') : [];
    const bytes = Number(until) > clock.now().getTime() ? await blobs.get(hash) : null;
    if (bytes === null) {
      response.status(404).end();
      return;
    }
    response
      .set({
        'content-type': 'application/zip',
        'content-disposition': 'attachment; filename="vitrine-works.zip"',
        'cache-control': 'private, no-store',
        'x-content-type-options': 'nosniff',
      })
      .send(Buffer.from(bytes));
  };
}
