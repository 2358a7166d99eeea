import type { EventType } from '../domain/event.js';

/** One row of a source file: a value, or the reason why it was refused. Lines count from 1. */
export type Row<T> =
  | { readonly file: string; readonly line: number; readonly ok: true; readonly value: T }
  | { readonly file: string; readonly line: number; readonly ok: false; readonly reason: string };

export interface ItemRow {
  readonly externalId: string;
  readonly title: string;
  readonly summary: string | null;
  readonly topics: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

export interface EventRow {
  /** Made from format and keys of the row, so that importing twice changes nothing. */
  readonly clientEventId: string;
  readonly personExternalId: string;
  readonly itemExternalId: string;
  readonly type: EventType;
  readonly value: number | null;
  /** Real, or synthesised in strict order where the source has no times (see `hasRealTimes`). */
  readonly at: Date;
}

export interface Dataset {
  readonly catalogue: {
    readonly key: string;
    readonly name: string;
    readonly domain: string;
    readonly language: string;
  };
  readonly hasRealTimes: boolean;
  /** For progress bars; null where counting would mean reading everything. */
  readonly totals: { readonly items: number | null; readonly events: number | null };
  /** In file order; items come before the events that name them. */
  items(): AsyncIterable<Row<ItemRow>>;
  events(): AsyncIterable<Row<EventRow>>;
}

/** Reads one format. `open` refuses a path that does not hold it, and says what files were wanted. */
export interface DatasetReader {
  readonly format: string;
  readonly describe: string;
  open(path: string): Promise<Dataset>;
}
