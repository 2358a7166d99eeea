import { bulkhead, isBulkheadRejectedError } from 'cockatiel';
import express, { type Express } from 'express';
import { DomainError } from '../domain/errors.js';
import type { ReferenceId } from '../domain/ids.js';
import type { Ports } from '../flow/ports.js';
import { storeUpload } from '../flow/store-upload.js';

/** Addresses for one use of one reference picture each, that run out; wire.ts makes it. */
export interface ReferenceAddresses {
  sign(id: ReferenceId, expiresAt: Date): string;
  verify(url: string, now: Date): ReferenceId | null;
}

const MAX_BYTES = 20_000_000;
/** A picture of 20 megapixels is 80 MB while it is decoded: two at a time, a few more may wait. */
const AT_ONCE = 2;
const WAITING = 8;

/** `PUT /uploads/<id>`: the signature is checked before a byte of the body is read. */
export function receiveUploads(
  app: Express,
  ports: Pick<Ports, 'stores' | 'clock' | 'pictures' | 'references'>,
  addresses: ReferenceAddresses,
): void {
  const gate = bulkhead(AT_ONCE, WAITING);
  app.put(
    '/uploads/:id',
    (request, response, next) => {
      const id = addresses.verify(request.originalUrl, ports.clock.now());
      response.locals['id'] = id;
      if (id === null) response.status(404).end();
      else next();
    },
    express.raw({ limit: MAX_BYTES, type: () => true, inflate: false }),
    async (request, response) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      try {
        await gate.execute(() => storeUpload(ports, response.locals['id'] as ReferenceId, body));
        response.status(204).end();
      } catch (error) {
        if (isBulkheadRejectedError(error)) response.status(503).set('retry-after', '5').end();
        else if (!(error instanceof DomainError)) throw error;
        else {
          const { code, message } = error;
          response
            .status(code === 'NOT_FOUND' ? 404 : 422)
            .json({ errors: [{ message, extensions: { code } }] });
        }
      }
    },
  );
}
