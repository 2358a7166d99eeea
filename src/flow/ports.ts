import type { EventType } from '../domain/event.js';
import type { JobId, MediaHash, ReferenceId } from '../domain/ids.js';
import type { Catalogue } from '../domain/item.js';
import type { PictureKind, ReferenceRole } from '../domain/imaging/picture-kind.js';
import type { Media, PictureFormat, PictureWidth, RawPicture } from '../domain/media.js';
import type { Compute } from '../domain/graph/compute.js';
import type { ServingRanker } from '../domain/ranking/serving-ranker.js';
import type { DatasetReader } from './dataset.js';
import type { JobName } from './jobs.js';
import type { PictureManifest, PictureOrigin } from '../domain/picture-manifest.js';
import type { Lookalikes } from './ports/lookalikes.js';
import type { ManifestKeys } from './ports/manifest-keys.js';
import type { ImageTrainingFiles } from './ports/image-training.js';
import type { PictureTrainer } from './ports/picture-trainer.js';
import type { SafetyChecker } from './ports/safety-checker.js';
import type { Stores, Transaction } from './ports/stores.js';
import type { WebhookSender } from './ports/webhook-ports.js';
import type { RankerPool } from './ranking-view.js';

export interface Clock {
  now(): Date;
}

/** New ids: UUID version 7, so that they sort by time. */
export interface Ids {
  next(): string;
}

/** Content-addressed bytes. */
export interface BlobStore {
  /** Stores the bytes (once, however often it is called) and returns their SHA-256 in hex; StoreUnavailable while it cannot. */
  put(bytes: Uint8Array): Promise<string>;
  get(hash: string): Promise<Uint8Array | null>;
  has(hash: string): Promise<boolean>;
  /** Safe to repeat. */
  remove(hash: string): Promise<void>;
}

/** The bytes of reference pictures, by the id of their row: never shared, so that one can be deleted. */
export interface ReferenceShelf {
  put(id: ReferenceId, bytes: Uint8Array): Promise<void>;
  get(id: ReferenceId): Promise<Uint8Array | null>;
  /** Gone when it returns; nothing happens where there is none. */
  delete(id: ReferenceId): Promise<void>;
}

/** Wakes readers of an event log; a lost wake-up costs a poll, never an event. */
export interface Wakeups {
  /** Resolves at the next wake-up of the topic, after `timeoutMs`, or when the signal aborts. */
  wait(topic: WakeupTopic, timeoutMs: number, signal: AbortSignal): Promise<void>;
}
export type WakeupTopic =
  | `job:${JobId}`
  | `queue:${JobName}`
  | 'gallery'
  | 'models'
  | 'deadlines'
  | 'stops'
  | 'webhooks'
  | `person:${string}`
  | `run:${string}`;

export interface TextEncoder {
  readonly name: string;
  readonly dimensions: number;
  /** L2-normalised vectors, one per text, in order. */
  encode(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
}

/** What a picture model is asked for. */
export interface PictureBrief {
  readonly kind: PictureKind;
  readonly words: string;
  readonly style: string | null;
  /** Mean text vector of what the person likes, in the encoder's space; null when not personalised. */
  readonly taste: Float32Array | null;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  /** A picture to start from, and how much of it to give up: 1 keeps nothing. */
  readonly from: { readonly picture: RawPicture; readonly strength: number } | null;
  /** What shall be in the picture; with consent, or it is not here. */
  readonly references: readonly { readonly role: ReferenceRole; readonly picture: RawPicture }[];
}

/** One kind of picture that a maker can make. */
export interface PictureOffer {
  readonly model: string;
  /** Of one picture, in millionths of a US dollar; 0 where it runs on our own machines. */
  readonly price: number;
}

export interface MadePicture {
  readonly picture: RawPicture;
  readonly used: Readonly<Record<string, unknown>>;
  /** Who made it: with several providers it is known only afterwards. */
  readonly by: PictureOffer & { readonly provider: string };
}

/** What a provider was asked for this output: an attempt that goes on follows that run and does not pay for another one. */
export interface RunMemory {
  /** The run that an earlier attempt began and did not see the end of. */
  earlier(): Promise<{ readonly provider: string; readonly runId: string } | null>;
  started(provider: string, runId: string): Promise<void>;
  /** Waits until a webhook tells something new; null when none did in that time. */
  news(provider: string, runId: string, waitMs: number, signal: AbortSignal): Promise<unknown>;
}

export interface PictureProgress {
  readonly progress: number;
  readonly stage: string;
  readonly preview: RawPicture | null;
}

/** One contract for our own model and for providers. Aborting the signal stops the work within a second or two. */
export interface ImageMaker {
  readonly name: string;
  readonly model: string;
  readonly defaults: { readonly steps: number; readonly guidance: number };
  /** What it can make; a kind that is not here is refused before anything is sent. */
  readonly offers: Readonly<Partial<Record<PictureKind, PictureOffer>>>;
  make(
    brief: PictureBrief,
    signal: AbortSignal,
    onProgress: (progress: PictureProgress) => void,
    memory?: RunMemory,
  ): Promise<MadePicture>;
}

export interface CleanPicture {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly aiMarked: boolean;
}

export interface InspectedPicture {
  readonly width: number;
  readonly format: PictureFormat;
  readonly perceptualHash: string;
  /** Whether it says of itself that a model made it. */
  readonly aiMarked: boolean;
}

/**
 * Whether a picture file is as we signed it. `manifest` is what the file says of itself, and true where the state is SIGNED; in every
 * other state it is null, since nobody answers for it.
 */
export type ManifestCheck =
  | { readonly state: 'SIGNED'; readonly keyId: string; readonly manifest: PictureManifest }
  /** CHANGED: the signature is ours, the file is not as it was. FORGED: the signature does not fit the text. */
  | {
      readonly state: 'NO_MANIFEST' | 'CHANGED' | 'FORGED' | 'UNKNOWN_KEY';
      readonly keyId: string | null;
      readonly manifest: null;
    };

export interface PublishedPicture {
  readonly media: Media;
  /** The signed manifest of the original, as it stands in the file. */
  readonly manifest: string;
}

/** Pixels in, stored and marked media out. */
export interface PicturePipeline {
  /**
   * Stores the original and all renditions of a picture that a model made; every one of them carries the AI mark and a signed manifest.
   * Safe to repeat: the same pixels and facts give the same media.
   */
  publishGenerated(
    picture: RawPicture,
    facts: { readonly alt: string; readonly origin: PictureOrigin },
  ): Promise<PublishedPicture>;
  /** Stores a small unlisted preview and returns its media. */
  publishPreview(picture: RawPicture, alt: string): Promise<Media>;
  /** Stores trusted catalogue art (SVG or PNG); renditions are made when first asked for. */
  adoptArt(bytes: Uint8Array, alt: string): Promise<Media>;
  /** The bytes of one rendition, from the store or made now; null for an unknown hash. */
  rendition(media: Media, width: PictureWidth, format: PictureFormat): Promise<Uint8Array | null>;
  decode(hash: MediaHash): Promise<RawPicture | null>;
  /** What bytes from outside are; INVALID_INPUT for anything but a whole picture of bounded size. */
  inspect(bytes: Uint8Array): Promise<InspectedPicture>;
  /** Whether the file is as we signed it, of whatever bytes: nothing is decoded. */
  checkManifest(bytes: Uint8Array): ManifestCheck;
  /** How the picture looks, as in domain/imaging/picture-look.ts; null for an unknown hash. */
  look(hash: MediaHash): Promise<Int8Array | null>;
  /** Removes the original and all renditions of a picture that nothing shows any more. Safe to repeat. */
  discard(hash: MediaHash): Promise<void>;
  /**
   * A picture from outside, decoded safely and written anew: upright, at most 2048 pixels a side, without EXIF, GPS or any
   * other word about the person; a mark that a model made it stays. INVALID_INPUT for anything else.
   */
  cleanUpload(bytes: Uint8Array): Promise<CleanPicture>;
  /** What `cleanUpload` wrote as a WebP of at most 160 pixels a side. */
  thumbnail(bytes: Uint8Array): Promise<Uint8Array>;
  /** The pixels of what `cleanUpload` wrote. */
  decodeUpload(bytes: Uint8Array): Promise<RawPicture>;
}

export interface ArchiveFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Several files as one. */
export interface Archives {
  /** Pictures are stored as they are, texts are compressed. */
  zip(files: AsyncIterable<ArchiveFile>): Promise<Uint8Array>;
}

/** A built-in world to start with: a catalogue with art, and a simulated audience, always labelled as such. */
export interface DemoWorld {
  readonly catalogue: Omit<Catalogue, 'id'>;
  items(): AsyncIterable<DemoItem>;
  audience(items: readonly DemoItem[], end: Date): Iterable<DemoLife>;
}

export interface DemoItem {
  readonly externalId: string;
  readonly title: string;
  readonly summary: string;
  readonly topics: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly svg: string;
  readonly alt: string;
}

export interface DemoLife {
  readonly person: {
    readonly externalId: string;
    readonly displayName: string;
    readonly about: string | null;
  };
  readonly events: readonly {
    readonly clientEventId: string;
    readonly itemExternalId: string;
    readonly type: EventType;
    readonly position: number;
    readonly at: Date;
  }[];
}

export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Everything a step may need; each step asks only for what it uses. */
/** A copy of a ranker on a processor of its own. */
export interface RankingThread extends Pick<ServingRanker, 'rankMany'> {
  close(): Promise<void>;
}

export interface Ports {
  /** Reads and single writes. What must be together goes through `transaction`. */
  readonly stores: Stores;
  readonly transaction: Transaction;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blobs: BlobStore;
  readonly wakeups: Wakeups;
  readonly text: TextEncoder;
  readonly pictures: PicturePipeline;
  readonly manifestKeys: ManifestKeys;
  readonly imageMaker: ImageMaker;
  /** Looks at what was made; null where none is set up, and words alone are checked. */
  readonly safety: SafetyChecker | null;
  /** What one person may spend on pictures in a day (UTC), in millionths of a US dollar. */
  readonly pictureBudget: number;
  readonly references: ReferenceShelf;
  readonly webhookSender: WebhookSender;
  readonly imageTraining: ImageTrainingFiles;
  /** Null where no configured provider trains. */
  readonly pictureTrainer: PictureTrainer | null;
  readonly compute: Compute;
  /** Opens a ranker's artefact beside this thread; the artefact's memory goes over. Null where one processor is all there is. */
  readonly rankingThread: ((artefact: Uint8Array<ArrayBuffer>) => Promise<RankingThread>) | null;
  readonly datasets: readonly DatasetReader[];
  readonly rankers: RankerPool;
  readonly lookalikes: Lookalikes;
  readonly archives: Archives;
  readonly log: Log;
}
