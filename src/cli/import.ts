import { resolve } from 'node:path';
import { importDataset } from '../flow/import-catalogue.js';
import type { Deps } from '../wire.js';
import { progress } from './progress.js';

const SHOWN = 10;

/** `npm run import -- --format F PATH`: reads a data set, tells what was refused and why, and names the next command. */
export async function importCommand(
  { ports }: Deps,
  { format, path }: { readonly format: string; readonly path: string },
  signal: AbortSignal,
): Promise<void> {
  const bar = progress();
  const onProgress = (stage: string, done: number, total: number | null) =>
    bar.show(`importing ${stage}`, done, total);
  const { run, catalogue } = await importDataset(ports, { format, path: resolve(path), signal, onProgress });
  bar.end();
  process.stdout.write(
    `${catalogue.name} (${catalogue.key}): ${run.rowsRead} rows read, ${run.rowsAccepted} accepted, ${run.rowsRejected} rejected\n`,
  );
  for (const { file, line, reason } of await ports.stores.imports.rejections(run.id, SHOWN))
    process.stdout.write(`  ${file}:${line}: ${reason}\n`);
  if (run.rowsRejected > SHOWN)
    process.stdout.write(`  … and ${run.rowsRejected - SHOWN} more, kept with import ${run.id}\n`);
  process.stdout.write(`Next: npm run train -- --catalogue ${catalogue.key}\n`);
}
