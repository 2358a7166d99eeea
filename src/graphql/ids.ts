import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError } from '../domain/errors.js';
import type {
  CatalogueId,
  CollectionId,
  EventId,
  ExplanationId,
  FacetId,
  ItemId,
  JobId,
  ModelVersionId,
  PersonId,
  ReferenceId,
  RequestId,
  ShareLinkId,
  WebhookDeliveryId,
  WebhookId,
} from '../domain/ids.js';

/** What a sealed text can stand for, and what comes out when it is opened. */
interface Sealed {
  Catalogue: CatalogueId;
  Item: ItemId;
  Person: PersonId;
  Event: EventId;
  Request: RequestId;
  Explanation: ExplanationId;
  Facet: FacetId;
  Job: JobId;
  ModelVersion: ModelVersionId;
  Topic: string;
  AnswerPlace: string;
  GalleryPlace: string;
  JobCursor: string;
  GalleryCursor: string;
  ReferencePicture: ReferenceId;
  Collection: CollectionId;
  ShareLink: ShareLinkId;
  Download: string;
  Webhook: WebhookId;
  WebhookDelivery: WebhookDeliveryId;
}
export type SealKind = keyof Sealed;

/** The order is part of the format: add at the end only, or old ids stop to open. */
const KINDS: readonly SealKind[] = [
  'Catalogue',
  'Item',
  'Person',
  'Event',
  'Request',
  'Explanation',
  'Facet',
  'Job',
  'ModelVersion',
  'Topic',
  'AnswerPlace',
  'GalleryPlace',
  'JobCursor',
  'GalleryCursor',
  'ReferencePicture',
  'Collection',
  'ShareLink',
  'Download',
  'Webhook',
  'WebhookDelivery',
];

export interface IdSeal {
  seal<K extends SealKind>(kind: K, value: Sealed[K]): string;
  /** Throws INVALID_INPUT for anything that was not sealed here as this kind. */
  open<K extends SealKind>(kind: K, text: string, path?: readonly string[]): Sealed[K];
  /** What it is, without saying beforehand what it should be; null for anything that was not sealed here. */
  peek(text: string): { readonly kind: SealKind; readonly value: string } | null;
}

const TAG_BYTES = 8; // 2^64 guesses on average 2^63 requests: not a secret, a guard against made-up ids
const IS_TEXT = 0x80;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Global ids that carry kind and value under a short HMAC: opaque to clients, and never guessed into a look-up. */
export function idSeal(secret: string): IdSeal {
  const tagOf = (body: Uint8Array) =>
    createHmac('sha256', secret).update(body).digest().subarray(0, TAG_BYTES);

  const peek: IdSeal['peek'] = (text) => {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length <= TAG_BYTES + 1 || bytes.toString('base64url') !== text) return null;
    const body = bytes.subarray(0, -TAG_BYTES);
    if (!timingSafeEqual(tagOf(body), bytes.subarray(-TAG_BYTES))) return null;
    const kind = KINDS[(body[0] ?? 0) & ~IS_TEXT];
    return kind === undefined ? null : { kind, value: unpacked(body) };
  };
  return {
    peek,
    seal(kind, value) {
      const body = packed(KINDS.indexOf(kind), value);
      return Buffer.concat([body, tagOf(body)]).toString('base64url');
    },
    open<K extends SealKind>(kind: K, text: string, path: readonly string[] = ['id']): Sealed[K] {
      const found = peek(text);
      if (found?.kind === kind) return found.value as Sealed[K];
      const came = found === null ? 'something this server never handed out' : `one of a ${found.kind}`;
      throw new DomainError(
        'INVALID_INPUT',
        `${path.join('.')}: an id of a ${kind} was wanted, ${came} came`,
        {
          path,
        },
      );
    },
  };
}

function packed(kind: number, value: string): Buffer {
  if (!UUID.test(value)) return Buffer.concat([Buffer.of(kind | IS_TEXT), Buffer.from(value, 'utf8')]);
  return Buffer.concat([Buffer.of(kind), Buffer.from(value.replaceAll('-', ''), 'hex')]);
}

function unpacked(body: Buffer): string {
  const rest = body.subarray(1);
  if (((body[0] ?? 0) & IS_TEXT) !== 0) return rest.toString('utf8');
  return rest.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
