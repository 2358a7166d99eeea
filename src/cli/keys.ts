import { Command } from 'commander';
import type { PublishedKey } from '../flow/ports/manifest-keys.js';
import type { Deps } from '../wire.js';
import { run } from './run.js';

/** `npm run keys -- list|rotate`: what signs the manifests of pictures. */
export function keysCommand(): Command {
  const keys = new Command('keys').description('list the keys that sign pictures, and change to a new one');
  keys
    .command('list')
    .description('the public keys, newest first; only the first one signs')
    .action(() => run(list));
  keys
    .command('rotate')
    .description('a new key signs from the next start on; what the old ones signed stays verified')
    .action(() => run(rotate));
  return keys;
}

function list({ ports }: Deps): Promise<void> {
  tell(ports.manifestKeys.published);
  return Promise.resolve();
}

async function rotate({ rotateKeys }: Deps): Promise<void> {
  const { published, setting } = await rotateKeys();
  tell(published);
  process.stdout.write(
    setting === null
      ? 'Kept in the data folder. Start servers and workers again to sign with the new one.\n'
      : `The keys are set from outside: set this and start servers and workers again.\nVITRINE_SIGNING_KEYS=${setting}\n`,
  );
}

function tell(published: readonly PublishedKey[]): void {
  for (const { kid, x, signsNow } of published)
    process.stdout.write(`${kid}  ${signsNow ? 'signs ' : 'checks'}  ${x}\n`);
}
