import { DomainError } from '../domain/errors.js';
import type { MediaHash } from '../domain/ids.js';
import { TRAINED_ALGORITHMIC_MEDIA } from '../domain/picture-manifest.js';
import type { JobContext, JobHandler } from './job-handler.js';
import type { WorksPayload } from './jobs.js';
import type { ArchiveFile, Ports } from './ports.js';
import type { GalleryPage } from './ports/gallery-stores.js';
import { keySet } from './key-set.js';
import { selectedWorks } from './selected-works.js';

/** A picture of 512 pixels has about 300 kB: 500 of them are an archive that one answer can carry. */
const MOST_PICTURES = 500;
const MOST_BYTES = 256 * 1024 * 1024;

type Selected = GalleryPage['works'][number];

/**
 * A ZIP of original pictures, which carry the AI mark and their signed manifest, works.jsonl with a line for each: what it is, where it
 * comes from, and the recipe where the person may read it; and the keys to check the manifests with. The archive is stored as a blob and named in the job's result.
 */
export const exportWorks: JobHandler<'export-works'> = async (ports, { payload }, context) => {
  const counted = { works: 0, bytes: 0 };
  const archive = await ports.archives.zip(filesOf(ports, payload, { context, counted }));
  const result = {
    rowsRead: counted.works,
    rowsAccepted: counted.works,
    archive: await ports.blobs.put(archive),
  };
  return { status: 'SUCCEEDED', result };
};

interface Progress {
  readonly context: JobContext;
  readonly counted: { works: number; bytes: number };
}

async function* filesOf(
  { stores, blobs, manifestKeys }: Ports,
  payload: WorksPayload,
  { context, counted }: Progress,
): AsyncGenerator<ArchiveFile> {
  const lines: string[] = [];
  for await (const works of selectedWorks(stores, payload)) {
    const media = await stores.media.byHashes(works.map(({ contentHash }) => contentHash));
    const formats = new Map(media.map(({ hash, format }) => [hash, format]));
    for (const work of works) {
      context.signal.throwIfAborted();
      const bytes = await blobs.get(work.contentHash);
      if (bytes === null) continue;
      counted.works += 1;
      counted.bytes += bytes.length;
      assertFits(counted);
      const name = fileName(work, counted.works, formats.get(work.contentHash) ?? 'png');
      lines.push(JSON.stringify(lineOf(work, name, payload)));
      yield { name, bytes };
      context.report(Math.min(0.99, counted.works / (payload.itemIds?.length ?? MOST_PICTURES)), 'packing');
    }
  }
  yield { name: 'works.jsonl', bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')) };
  yield { name: 'keys.json', bytes: Buffer.from(JSON.stringify(keySet(manifestKeys.published))) };
}

function assertFits({ works, bytes }: Progress['counted']): void {
  if (works <= MOST_PICTURES && bytes <= MOST_BYTES) return;
  const message = `at most ${MOST_PICTURES} pictures and ${MOST_BYTES / 1024 ** 2} MB were wanted, more came: narrow the selection`;
  throw new DomainError('INVALID_INPUT', message, { path: ['input'] });
}

/** Names come from titles that people and models wrote: letters and digits only, so that no path can be in them. */
function fileName({ item }: Selected, number: number, format: string): string {
  const words = item.title
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  return `${String(number).padStart(3, '0')}-${words.slice(0, 60) || 'work'}.${format}`;
}

function lineOf({ item, ...work }: Selected, file: string, { personId }: WorksPayload): object {
  const isOwn = work.authorId === personId;
  const contentHash: MediaHash = work.contentHash;
  return {
    ...{
      file,
      title: item.title,
      topics: item.topics,
      visibility: item.visibility,
      createdAt: work.createdAt,
    },
    provenance: {
      origin: item.origin,
      digitalSourceType: TRAINED_ALGORITHMIC_MEDIA,
      contentHash,
      manifest: work.manifest,
      provider: work.recipe.provider,
      model: work.recipe.model,
      kind: work.kind,
      isRemix: work.parentId !== null,
      references: work.basedOn.length,
    },
    recipe: isOwn || work.recipeShared ? work.recipe : null,
  };
}
