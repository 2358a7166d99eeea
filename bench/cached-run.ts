import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** In the repository: the seeds of a table are hours apart, and a table says nothing that its runs do not. */
const FOLDER = 'bench/results/runs';

export interface CachedRun {
  /** What is measured and how; two runs with the same key on the same code give the same figures. */
  readonly key: string;
  /** Also take what older code measured. */
  readonly acceptsOld: boolean;
}

interface Entry {
  readonly key: string;
  readonly code: string;
  readonly figures: Record<string, number>;
}

/**
 * Figures of a run from `bench/results/runs/`, or of `work`, which are then kept there. A bench of hours goes on where it was stopped;
 * figures of other code are measured again, so that no table mixes two versions unasked.
 */
export async function cachedRun(
  { key, acceptsOld }: CachedRun,
  work: () => Promise<Record<string, number>>,
): Promise<Record<string, number>> {
  const file = path.join(FOLDER, `${createHash('sha256').update(key).digest('hex').slice(0, 24)}.json`);
  const code = codeFingerprint();
  if (existsSync(file)) {
    const entry = JSON.parse(readFileSync(file, 'utf8')) as Entry;
    if (entry.code === code || acceptsOld) {
      process.stderr.write(`${key}: measured before${entry.code === code ? '' : ', by older code'}\n`);
      return entry.figures;
    }
  }
  const figures = await work();
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${file}.part`, JSON.stringify({ key, code, figures } satisfies Entry));
  renameSync(`${file}.part`, file); // a run that is killed leaves no half file
  return figures;
}

/** What computes figures: the compiled domain, the runtime's lowering and the readers. */
const CODE = ['dist/src/domain', 'dist/src/infra/compute', 'dist/src/infra/datasets'];

function codeFingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of CODE) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((one) => one.isFile() && one.name.endsWith('.js'))
      .map((one) => path.join(one.parentPath, one.name))
      .sort();
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 16);
}
