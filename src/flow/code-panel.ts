import { DomainError } from '../domain/errors.js';
import type { ModelVersionId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import { decodeRanker, type RankerModel } from '../domain/ranking/ranker-artefact.js';
import { type CodeChanges, codeChanges } from '../domain/semantic-ids/code-changes.js';
import { type CodeHealth, codeHealth } from '../domain/semantic-ids/code-health.js';
import { semanticLevels, type TokenizerName } from '../domain/semantic-ids/tokenizer.js';
import { readTextId } from '../domain/semantic-ids/text-ids.js';
import type { Ports } from './ports.js';

type PanelPorts = Pick<Ports, 'stores' | 'blobs'>;
type Coded = RankerModel & { readonly codes: NonNullable<RankerModel['codes']> };

/** How healthy the codes of a version are, and what changed since the version before it. */
export interface CodePanel {
  readonly model: ModelVersion;
  readonly tokenizer: TokenizerName;
  readonly health: CodeHealth;
  /** Codes of a few items, the readable ones in words. */
  readonly examples: readonly CodeExample[];
  /** Null where no earlier version of the catalogue has codes. */
  readonly change: (CodeChanges & { readonly since: ModelVersion }) | null;
}

export interface CodeExample {
  readonly itemId: string;
  readonly code: readonly number[];
  /** Null where codes are not made of words. */
  readonly words: string | null;
}

/** An item whose code is another than in the version that was refreshed. */
export interface MovedCode {
  readonly itemId: string;
  readonly before: readonly number[];
  readonly after: readonly number[];
}

const EXAMPLES = 5;

/** Reads the artefact of a version; null for a version without codes, NOT_FOUND for no version. */
export async function codePanel(ports: PanelPorts, id: ModelVersionId): Promise<CodePanel | null> {
  const model = await versionOf(ports, id);
  const coded = await codedOf(ports, model);
  if (coded === null) return null;
  const { tokenizer, ids } = coded.codes;
  const before = await versionBefore(ports, model, coded);
  return {
    model,
    tokenizer: tokenizer.kind,
    health: codeHealth(ids, semanticLevels(tokenizer, ids)),
    examples: examplesOf(coded),
    change: before && { since: before.model, ...changesBetween(before.coded, coded) },
  };
}

/** The migration of a refreshed version: items whose code changed, in the order of their ids; empty where nothing was refreshed. */
export async function movedCodes(ports: PanelPorts, id: ModelVersionId): Promise<readonly MovedCode[]> {
  const coded = await codedOf(ports, await versionOf(ports, id));
  const migration = coded?.codes.migration;
  if (!coded || !migration) return [];
  const { levels, digits } = coded.codes.ids;
  const codeIn = (all: Uint16Array, item: number) => codeAt(all, levels, item);
  return coded.itemIds
    .flatMap((itemId, item) => {
      const [before, after] = [codeIn(migration.before, item), codeIn(digits, item)];
      const isMoved = migration.isKnown[item] === 1 && before.some((digit, level) => digit !== after[level]);
      return isMoved ? [{ itemId, before, after }] : [];
    })
    .sort((a, b) => (a.itemId < b.itemId ? -1 : 1));
}

const codeAt = (all: Uint16Array, levels: number, item: number) =>
  Array.from(all.subarray(item * levels, (item + 1) * levels));

function examplesOf({ itemIds, codes: { ids, tokenizer } }: Coded): CodeExample[] {
  return itemIds.slice(0, EXAMPLES).map((itemId, item) => {
    const code = codeAt(ids.digits, ids.levels, item);
    return { itemId, code, words: tokenizer.kind === 'text' ? readTextId(tokenizer.books, code) : null };
  });
}

async function versionOf({ stores }: PanelPorts, id: ModelVersionId): Promise<ModelVersion> {
  const [model] = await stores.models.byIds([id]);
  if (model !== undefined) return model;
  throw new DomainError('NOT_FOUND', 'no model has this id', { path: ['modelId'] });
}

async function codedOf({ blobs }: PanelPorts, { artefact, role }: ModelVersion): Promise<Coded | null> {
  const bytes = artefact === null || role !== 'RANKER' ? null : await blobs.get(artefact);
  const model = bytes && decodeRanker(bytes);
  return model !== null && model.codes !== null ? (model as Coded) : null;
}

/** The version that was refreshed, else the newest earlier one of the catalogue that has codes. */
async function versionBefore(
  ports: PanelPorts,
  model: ModelVersion,
  { codes }: Coded,
): Promise<{ model: ModelVersion; coded: Coded } | null> {
  const rankers = await ports.stores.models.list({ role: 'RANKER' });
  const earlier = rankers.filter(
    (one) => one.catalogueId === model.catalogueId && one.trainedAt < model.trainedAt,
  );
  const from = codes.migration?.from;
  for (const one of from === undefined ? earlier : earlier.filter(({ id }) => id === from)) {
    const coded = await codedOf(ports, one);
    if (coded !== null) return { model: one, coded };
  }
  return null;
}

function changesBetween(before: Coded, after: Coded): CodeChanges {
  return codeChanges(
    { ...before.codes.ids, itemIds: before.itemIds },
    { ...after.codes.ids, itemIds: after.itemIds },
  );
}
