import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseAway } from '../src/domain/errors.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

interface Patience {
  readonly signal: AbortSignal;
  /** Told once, when the first try has failed. */
  readonly onAway: (error: DatabaseAway) => void;
}

/** Opens what needs the database, however long it throws DatabaseAway; any other error is thrown. Null when the signal came first. */
export async function openPatiently<T>(
  open: () => Promise<T>,
  { signal, onAway }: Patience,
): Promise<T | null> {
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof DatabaseAway)) throw error;
      if (pause === FIRST_PAUSE_MS) onAway(error);
    }
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
  return null;
}
