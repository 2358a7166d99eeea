import type { Compute, Values } from '../../graph/compute.js';
import { trunkStateReader } from '../trunk-states.js';
import type { TrunkConfig } from '../trunk.js';
import type { Asked } from './lesson.js';

/** The unit state after each history: (histories, width); zeros for an empty one. */
export async function readStates(
  { compute, config }: { readonly compute: Pick<Compute, 'compile'>; readonly config: TrunkConfig },
  weights: Values,
  asked: readonly Asked[],
): Promise<Float32Array> {
  const reader = trunkStateReader(compute, { config, weights });
  try {
    return await reader.read(
      asked.map(({ history }) => history),
      asked.map(({ context = {} }) => context),
    );
  } finally {
    await reader.dispose();
  }
}
