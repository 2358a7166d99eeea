import type { MediaHash, ReferenceId } from '../domain/ids.js';
import type { PictureFormat, PictureWidth } from '../domain/media.js';
import type { Person } from '../domain/person.js';
import type { Ports } from '../flow/ports.js';
import type { RankerPool } from '../flow/ranking-view.js';
import type { IdSeal } from './ids.js';
import type { Loaders } from './loaders.js';
import type { Scope } from './scope.js';

/** Makes addresses of pictures that run out. */
export interface MediaUrls {
  sign(
    request: { readonly hash: MediaHash; readonly width: PictureWidth; readonly format: PictureFormat },
    now: Date,
  ): string;
}

/** Makes addresses of one reference picture that run out: to send it to, and to see it. */
export interface ReferenceUrls {
  readonly upload: ReferenceAddress;
  readonly thumbnail: ReferenceAddress;
}
interface ReferenceAddress {
  sign(id: ReferenceId, expiresAt: Date): string;
}

/** What the limiter knows about this viewer after this operation was counted. */
export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: Date;
  readonly cost: number;
}

/** What a resolver may use: the steps' ports, who asks, and loaders that live as long as the operation. */
export interface ApiContext {
  readonly requestId: string;
  readonly ports: Ports & { readonly rankers: RankerPool };
  readonly scopes: ReadonlySet<Scope>;
  /** Whoever the page is for; throws UNAUTHENTICATED where nobody signed in. */
  readonly viewer: () => Promise<Person>;
  /** The same, or null where nobody signed in. */
  readonly viewerOrNull: () => Promise<Person | null>;
  readonly ids: IdSeal;
  readonly mediaUrls: MediaUrls;
  readonly referenceUrls: ReferenceUrls;
  readonly loaders: Loaders;
  readonly rate: () => RateState;
  /** The same caller with nothing read yet: for the next event of a subscription. */
  readonly renewed: () => ApiContext;
  /** False in production: simulated people cannot be chosen there. */
  readonly development: boolean;
}
