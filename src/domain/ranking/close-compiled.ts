import type { Executable } from '../graph/compute.js';

/**
 * Closes compiled graphs and forgets them, at once: whoever asks from now on gets one of its own instead of one that is being closed, and
 * a second closing finds nothing left.
 */
export async function closeCompiled(compiled: Map<unknown, Promise<Executable>>): Promise<void> {
  const open = [...compiled.values()];
  compiled.clear();
  for (const executable of open) await (await executable).dispose();
}
