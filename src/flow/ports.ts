import type { EventType } from '../domain/event.js';
import type { JobId, MediaHash } from '../domain/ids.js';
import type { Catalogue } from '../domain/item.js';
import type { Media, PictureFormat, PictureWidth, RawPicture } from '../domain/media.js';
import type { Compute } from '../domain/graph/compute.js';
import type { DatasetReader } from './dataset.js';
import type { Lookalikes } from './ports/lookalikes.js';
import type { ImageTrainingFiles } from './ports/image-training.js';
import type { Stores, Transaction } from './ports/stores.js';
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
  /** Stores the bytes (once, however often it is called) and returns their SHA-256 in hex. */
  put(bytes: Uint8Array): Promise<string>;
  get(hash: string): Promise<Uint8Array | null>;
  has(hash: string): Promise<boolean>;
  /** Safe to repeat. */
  remove(hash: string): Promise<void>;
}

/** Wakes readers of an event log; a lost wake-up costs a poll, never an event. */
export interface Wakeups {
  /** Resolves at the next wake-up of the topic, after `timeoutMs`, or when the signal aborts. */
  wait(topic: WakeupTopic, timeoutMs: number, signal: AbortSignal): Promise<void>;
}
export type WakeupTopic = `job:${JobId}` | 'gallery' | 'models' | `person:${string}`;

export interface TextEncoder {
  readonly name: string;
  readonly dimensions: number;
  /** L2-normalised vectors, one per text, in order. */
  encode(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
}

/** What a picture model is asked for. */
export interface PictureBrief {
  readonly words: string;
  readonly style: string | null;
  /** Mean text vector of what the person likes, in the encoder's space; null when not personalised. */
  readonly taste: Float32Array | null;
  readonly seed: number;
  readonly steps: number;
  readonly guidance: number;
  /** A picture to start from, and how much of it to give up: 1 keeps nothing. */
  readonly from: { readonly picture: RawPicture; readonly strength: number } | null;
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
  make(
    brief: PictureBrief,
    signal: AbortSignal,
    onProgress: (progress: PictureProgress) => void,
  ): Promise<{ readonly picture: RawPicture; readonly used: Readonly<Record<string, unknown>> }>;
}

export interface InspectedPicture {
  readonly width: number;
  readonly format: PictureFormat;
  readonly perceptualHash: string;
  /** Whether it says of itself that a model made it. */
  readonly aiMarked: boolean;
}

/** Pixels in, stored and marked media out. */
export interface PicturePipeline {
  /**
   * Stores the original and all renditions of a picture that a model made; every rendition carries the AI mark.
   * Safe to repeat: the same pixels give the same media.
   */
  publishGenerated(
    picture: RawPicture,
    facts: { readonly alt: string; readonly generator: string },
  ): Promise<Media>;
  /** Stores a small unlisted preview and returns its media. */
  publishPreview(picture: RawPicture, alt: string): Promise<Media>;
  /** Stores trusted catalogue art (SVG or PNG); renditions are made when first asked for. */
  adoptArt(bytes: Uint8Array, alt: string): Promise<Media>;
  /** The bytes of one rendition, from the store or made now; null for an unknown hash. */
  rendition(media: Media, width: PictureWidth, format: PictureFormat): Promise<Uint8Array | null>;
  decode(hash: MediaHash): Promise<RawPicture | null>;
  /** What bytes from outside are; INVALID_INPUT for anything but a whole picture of bounded size. */
  inspect(bytes: Uint8Array): Promise<InspectedPicture>;
  /** How the picture looks, as in domain/imaging/picture-look.ts; null for an unknown hash. */
  look(hash: MediaHash): Promise<Int8Array | null>;
  /** Removes the original and all renditions of a picture that nothing shows any more. Safe to repeat. */
  discard(hash: MediaHash): Promise<void>;
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
  readonly imageMaker: ImageMaker;
  readonly imageTraining: ImageTrainingFiles;
  readonly compute: Compute;
  readonly datasets: readonly DatasetReader[];
  readonly rankers: RankerPool;
  readonly lookalikes: Lookalikes;
  readonly archives: Archives;
  readonly log: Log;
}
