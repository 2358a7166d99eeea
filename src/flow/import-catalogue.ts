import { DomainError } from '../domain/errors.js';
import type { CatalogueId, ItemId } from '../domain/ids.js';
import type { Catalogue } from '../domain/item.js';
import { indexItems } from './index-items.js';
import type { Dataset, EventRow, ItemRow, Row } from './dataset.js';
import type { JobHandler } from './job-handler.js';
import type { Ports } from './ports.js';
import type { ImportRejection, ImportRun } from './ports/import-store.js';
import type { Stores } from './ports/stores.js';

const BATCH = 2_000;

interface Importing {
  readonly format: string;
  readonly path: string;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number | null) => void;
}

export interface Imported {
  readonly run: ImportRun;
  readonly catalogue: Catalogue;
}

type ImportPorts = Pick<Ports, 'stores' | 'transaction' | 'clock' | 'datasets' | 'text'>;

/**
 * Catalogue and events in. Every batch is stored together with how far the run is, so a stopped import goes on at the
 * next row; rows have ids of their own, so a repeated one changes nothing. Rejected rows are kept with line and reason.
 */
export async function importDataset(ports: ImportPorts, importing: Importing): Promise<Imported> {
  const dataset = await openDataset(ports, importing);
  const catalogue = await ports.stores.catalogues.save(dataset.catalogue);
  const run = await ports.stores.imports.open(importing.format, importing.path, ports.clock.now());
  const import_ = { ports, importing, catalogueId: catalogue.id, run };
  await inBatches(import_, { stage: 'items', rows: dataset.items(), total: dataset.totals.items }, saveItems);
  await readNewWords(ports, catalogue.id, importing);
  await inBatches(
    import_,
    { stage: 'events', rows: dataset.events(), total: dataset.totals.events },
    saveEvents,
  );
  return { run: await ports.stores.imports.close(run.id, 'DONE', ports.clock.now()), catalogue };
}

/**
 * A live ranker can recommend a new item as soon as its words are read (22 ms an item), so that is not left for the next training.
 * Without one, training reads them all anyway.
 */
async function readNewWords(
  ports: ImportPorts,
  catalogueId: CatalogueId,
  { signal, onProgress }: Importing,
): Promise<void> {
  if ((await ports.stores.models.live('RANKER', catalogueId)) === null) return;
  await indexItems(ports, catalogueId, {
    signal,
    onProgress: (done, total) => onProgress('words', done, total),
  });
  signal.throwIfAborted();
}

/** The same as a job. */
export const importCatalogue: JobHandler<'import-catalogue'> = async (
  ports,
  { payload },
  { signal, report },
) => {
  const onProgress = (stage: string, done: number, total: number | null) => {
    const share = total === null ? 0.5 : Math.min(1, done / Math.max(1, total));
    report(stage === 'events' ? 0.2 + 0.8 * share : 0.2 * share, `importing ${stage}`);
  };
  const { run, catalogue } = await importDataset(ports, { ...payload, signal, onProgress });
  const { id, rowsRead, rowsAccepted, rowsRejected } = run;
  return {
    status: 'SUCCEEDED',
    result: { importId: id, catalogueId: catalogue.id, rowsRead, rowsAccepted, rowsRejected },
  };
};

async function openDataset({ datasets }: ImportPorts, { format, path }: Importing): Promise<Dataset> {
  const reader = datasets.find((one) => one.format === format);
  if (reader !== undefined) return reader.open(path);
  const known = datasets.map((one) => one.format).join(', ');
  throw new DomainError('INVALID_INPUT', `format: one of ${known} was wanted, "${format}" came`, {
    path: ['format'],
  });
}

interface Import {
  readonly ports: ImportPorts;
  readonly importing: Importing;
  readonly catalogueId: CatalogueId;
  readonly run: ImportRun;
}

interface Source<T> {
  readonly stage: string;
  readonly rows: AsyncIterable<Row<T>>;
  readonly total: number | null;
}

/** Stores the good ones and returns those that the store had to refuse after all. */
type Save<T> = (tx: Stores, import_: Import, rows: readonly Good<T>[]) => Promise<readonly ImportRejection[]>;
type Good<T> = Extract<Row<T>, { ok: true }>;

async function inBatches<T>(
  import_: Import,
  { stage, rows, total }: Source<T>,
  save: Save<T>,
): Promise<void> {
  const { importing, run } = import_;
  let batch: Row<T>[] = [];
  let done = 0;
  const rowsOf = new Map<string, number>();
  const flush = async () => {
    const position = Object.fromEntries(
      new Set(batch.map(({ file }) => [file, rowsOf.get(file) ?? 0] as const)),
    );
    if (batch.length > 0) await storeBatch(import_, { batch, position }, save);
    done += batch.length;
    batch = [];
    importing.onProgress(stage, done, total);
  };
  for await (const row of rows) {
    importing.signal.throwIfAborted();
    const ordinal = (rowsOf.get(row.file) ?? 0) + 1; // one line may hold many rows
    rowsOf.set(row.file, ordinal);
    if (ordinal <= (run.position[row.file] ?? 0)) {
      done += 1; // stored by an earlier, stopped attempt
      continue;
    }
    batch.push(row);
    if (batch.length === BATCH) await flush();
  }
  await flush();
}

interface Batch<T> {
  readonly batch: readonly Row<T>[];
  /** Rows of each file handled once this batch is stored. */
  readonly position: Record<string, number>;
}

async function storeBatch<T>(import_: Import, { batch, position }: Batch<T>, save: Save<T>): Promise<void> {
  const good = batch.filter((row): row is Good<T> => row.ok);
  const refused = batch.flatMap((row) =>
    row.ok ? [] : [{ file: row.file, line: row.line, reason: row.reason }],
  );
  await import_.ports.transaction(async (tx) => {
    const late = good.length === 0 ? [] : await save(tx, import_, good);
    const rejections = [...refused, ...late];
    const accepted = batch.length - rejections.length;
    await tx.imports.advance(import_.run.id, { position, read: batch.length, accepted, rejections });
  });
}

const saveItems: Save<ItemRow> = async (tx, { catalogueId }, rows) => {
  const latest = new Map(rows.map(({ value }) => [value.externalId, value]));
  await tx.items.saveAll(
    [...latest.values()].map((item) => ({
      ...item,
      catalogueId,
      origin: 'HUMAN',
      ownerId: null,
      visibility: 'PUBLIC',
      mediaHash: null,
      availableUntil: null,
    })),
  );
  return [];
};

const saveEvents: Save<EventRow> = async (tx, { catalogueId, ports }, rows) => {
  const items = await tx.items.byExternalIds(catalogueId, [
    ...new Set(rows.map(({ value }) => value.itemExternalId)),
  ]);
  const itemIds = new Map(items.map(({ externalId, id }) => [externalId, id]));
  const people = await tx.people.ensureAll(peopleOf(rows, ports.clock.now()));
  const rejections: ImportRejection[] = [];
  const events = rows.flatMap(({ file, line, value }) => {
    const itemId: ItemId | undefined = itemIds.get(value.itemExternalId);
    const personId = people.get(value.personExternalId);
    if (itemId === undefined || personId === undefined) {
      rejections.push({
        file,
        line,
        reason: `item: an imported one was wanted, "${value.itemExternalId}" came`,
      });
      return [];
    }
    const { clientEventId, type, at } = value;
    return [
      { clientEventId, personId, itemId, type, value: value.value, requestId: null, position: null, at },
    ];
  });
  await tx.events.appendAll(events);
  return rejections;
};

function peopleOf(rows: readonly Good<EventRow>[], at: Date) {
  const consent = { personalisation: true, trainingUse: true, recordedAt: at };
  return [...new Set(rows.map(({ value }) => value.personExternalId))].map((externalId) => ({
    externalId,
    displayName: externalId,
    kind: 'KNOWN' as const,
    about: null,
    consent,
    createdAt: at,
  }));
}
