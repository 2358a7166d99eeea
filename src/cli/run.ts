import { DomainError } from '../domain/errors.js';
import { loadConfig } from '../config.js';
import { wire, type Deps } from '../wire.js';

/** Aborts at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(new Error(`stopped by ${name}`));
    });
  }
  return controller.signal;
}

/** Runs one command with everything it needs, closes all of it after, and turns failures into a sentence and an exit code. */
export async function run(command: (deps: Deps, signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = stopSignal();
  let deps: Deps | null = null;
  try {
    deps = await wire(loadConfig());
    await command(deps, signal);
  } catch (error) {
    process.exitCode = signal.aborted ? 130 : 1;
    process.stderr.write(`${sentence(error, signal)}\n`);
  } finally {
    await deps?.close();
  }
}

/** What Node tells of an address that is in use. */
interface Taken {
  readonly address: string;
  readonly port: number;
}

/** What a person can act on is a sentence; a bug keeps its stack. */
function sentence(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'Stopped. What was done so far is kept; run the same command again to go on.';
  if (error instanceof DomainError) return `${error.code}: ${error.message}`;
  const told = takenPort(error) ?? wrongSettings(error);
  return told ?? (error as Partial<Error>).stack ?? String(error);
}

function takenPort(error: unknown): string | null {
  const { code, address = '', port = '' } = error as Partial<NodeJS.ErrnoException & Taken>;
  if (code !== 'EADDRINUSE') return null;
  return `PORT: a free port was wanted, ${address}:${port} is taken: is Vitrine running already?`;
}

function wrongSettings(error: unknown): string | null {
  const { message = '' } = error as Partial<Error>;
  return /^(Wrong settings|DATABASE_URL)/.test(message) ? message : null;
}
