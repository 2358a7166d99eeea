import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import type { ModelVersionId } from '../domain/ids.js';
import { promotionVerdict } from '../domain/promotion-rule.js';
import { exportModel } from '../flow/export-model.js';
import { type Mover, promoteModel, rollBackModel, shadowModel } from '../flow/move-model.js';
import type { Moved } from '../flow/ports/stores.js';
import { catalogueFor } from '../flow/train-ranker.js';
import type { Deps } from '../wire.js';
import { run } from './run.js';

interface ById {
  readonly model: ModelVersionId;
  readonly reason: string;
}

/** `npm run models -- list|promote|shadow|rollback|export`: the registry of rankers from the command line. */
export function modelsCommand(): Command {
  const models = new Command('models').description(
    'list rankers, and move them between candidate, shadow and live',
  );
  const reason = ['--reason <words>', 'why; stored with the move'] as const;
  models
    .command('list')
    .description('rankers of a catalogue, newest first, with what the rule of promotion says')
    .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
    .action(({ catalogue }: { catalogue?: string }) => run((deps) => list(deps, catalogue)));
  models
    .command('promote')
    .description('make a ranker live')
    .requiredOption('--model <id>', 'as `list` prints it')
    .requiredOption(...reason)
    .option('--force', 'even if the figures are against it, or it was retired', false)
    .action(({ model, reason: why, force }: ById & { force: boolean }) =>
      run(async ({ ports }) => tell(await promoteModel(ports, { id: model, force }, by(why)))),
    );
  models
    .command('shadow')
    .description('let a ranker answer beside the live one, unseen')
    .requiredOption('--model <id>', 'as `list` prints it')
    .requiredOption(...reason)
    .action(({ model, reason: why }: ById) =>
      run(async ({ ports }) => tell(await shadowModel(ports, model, by(why)))),
    );
  models
    .command('rollback')
    .description('make the ranker live again that the live one replaced')
    .option('--catalogue <key>', 'key of the catalogue; the newest import when left out')
    .requiredOption(...reason)
    .action(({ catalogue, reason: why }: { catalogue?: string; reason: string }) =>
      run(async ({ ports }) =>
        tell(await rollBackModel(ports, await catalogueFor(ports, catalogue), by(why))),
      ),
    );
  models
    .command('export')
    .description('write trunk and codes as one .onnx file with a manifest')
    .requiredOption('--model <id>', 'as `list` prints it')
    .requiredOption('--to <folder>', 'made if it is not there')
    .action(({ model, to }: { model: ModelVersionId; to: string }) =>
      run((deps) => writeExport(deps, model, to)),
    );
  return models;
}

const by = (reason: string): Mover => ({ actor: 'COMMAND', personId: null, reason });

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function tell({ model, previous }: Moved): void {
  say(`${model.version} is ${model.state} now.`);
  if (previous !== null) say(`${previous.version} is ${previous.state}.`);
}

async function list({ ports }: Deps, key: string | undefined): Promise<void> {
  const catalogueId = await catalogueFor(ports, key);
  const all = await ports.stores.models.list({ role: 'RANKER' });
  const own = all.filter((model) => model.catalogueId === catalogueId);
  const live = own.find(({ state }) => state === 'LIVE')?.id ?? null;
  const shadows = await ports.stores.shadows.counts(own.map(({ id }) => id));
  if (own.length === 0) say('No ranker was trained yet: npm run train.');
  for (const model of own) {
    const { id, version, state, card, metrics } = model;
    const verdict = state === 'LIVE' ? '' : `\n    ${promotionVerdict(metrics, live).why}.`;
    const counts = shadows.get(id);
    const beside =
      counts &&
      `\n    shadow: ${counts.requests} requests, overlap ${counts.overlap.toFixed(2)}, ${counts.hits} of ${counts.wanted} wanted items in its first ten (live ${counts.liveHits}).`;
    say(`${id}  ${state.padEnd(9)}  ${version}\n    ${card}${verdict}${beside ?? ''}`);
  }
}

async function writeExport({ ports }: Deps, id: ModelVersionId, folder: string): Promise<void> {
  const files = await exportModel(ports, id);
  await mkdir(folder, { recursive: true });
  for (const { name, bytes } of files) {
    await writeFile(join(folder, name), bytes);
    say(`${join(folder, name)}  ${bytes.length} bytes`);
  }
}
