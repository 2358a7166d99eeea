import type { CatalogueId } from '../domain/ids.js';
import type { ModelVersion } from '../domain/model-version.js';
import { DomainError } from '../domain/errors.js';
import { codePanel, type CodePanel } from '../flow/code-panel.js';
import { changeSentence, refreshCodes } from '../flow/refresh-codes.js';
import { catalogueFor } from '../flow/train-ranker.js';
import type { Deps } from '../wire.js';
import { progress } from './progress.js';

export interface CodesOptions {
  readonly catalogue?: string;
  /** Only look. */
  readonly health: boolean;
  readonly seed: number;
  readonly seconds: number;
}

/** `npm run codes`: refreshes the codes of the live ranker and registers the result; `--health` only shows how they are. */
export async function codesCommand(
  { ports }: Deps,
  { catalogue, health, seed, seconds }: CodesOptions,
  signal: AbortSignal,
): Promise<void> {
  const catalogueId = await catalogueFor(ports, catalogue);
  if (health) {
    tell(await panelOf(ports, await newestRanker(ports, catalogueId)));
    return;
  }
  const bar = progress();
  const onProgress = (share: number, stage: string) => bar.show(stage, Math.round(share * 100), 100);
  const run = { catalogueId, seed, budgetSeconds: seconds, signal, onProgress };
  const { model, from, refreshed } = await refreshCodes(ports, run);
  bar.end();
  const { before, after } = refreshed.validation;
  process.stdout.write(
    `${changeSentence(refreshed, from)}\nCodes on held-out people: N@10 ${before.toFixed(4)} with the old decoder, ${after.toFixed(4)} fitted.\n`,
  );
  tell(await panelOf(ports, model));
  process.stdout.write(
    `Registered ${model.family} ${model.version} as a candidate; what is live stays live.\n`,
  );
}

async function newestRanker({ stores }: Deps['ports'], catalogueId: CatalogueId): Promise<ModelVersion> {
  const rankers = await stores.models.list({ role: 'RANKER' });
  const own = rankers.find((one) => one.catalogueId === catalogueId);
  if (own !== undefined) return own;
  throw new DomainError('NOT_FOUND', 'a trained ranker was wanted, the catalogue has none: train first');
}

async function panelOf(ports: Deps['ports'], { id, version }: ModelVersion): Promise<CodePanel> {
  const panel = await codePanel(ports, id);
  if (panel !== null) return panel;
  throw new DomainError('NOT_FOUND', `a ranker with codes was wanted, ${version} has none`);
}

function tell(panel: CodePanel): void {
  process.stdout.write(`${panelText(panel)}\n`);
}

/** The panel as lines: what is shared, each level, and what changed. */
export function panelText({ model, tokenizer, health, examples, change }: CodePanel): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const levels = health.levels.map(
    ({ codes, dead, entropy, perplexity }, level) =>
      `  level ${level}: ${codes - dead} of ${codes} codes used, ${dead} dead, entropy ${entropy.toFixed(3)}, perplexity ${perplexity.toFixed(1)}`,
  );
  const since =
    change === null
      ? 'No earlier version has codes.'
      : `Since ${change.since.version}: ${change.moved} of ${change.shared} items moved (${percent(change.movedShare)}), ${change.added} new, ${change.removed} gone; digits kept ${change.keptDigits.map(percent).join(', ')}.`;
  return [
    `Codes of ${model.family} ${model.version} (${tokenizer}), ${health.items} items`,
    `  unique ${percent(health.uniqueRate)}, ${health.collisions} items share a code, at most ${health.largestBucket} one`,
    ...levels,
    ...examples.map(
      ({ code, words }) => `  for example ${code.join('.')}${words === null ? '' : ` "${words}"`}`,
    ),
    since,
  ].join('\n');
}
