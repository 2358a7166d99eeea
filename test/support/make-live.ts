import type { ModelVersionId } from '../../src/domain/ids.js';
import type { ModelVersion } from '../../src/domain/model-version.js';
import type { ModelStore } from '../../src/flow/ports/stores.js';

/** Makes a model live without asking the rule of promotion. */
export async function makeLive(models: ModelStore, id: ModelVersionId): Promise<ModelVersion> {
  const cause = { actor: 'COMMAND', personId: null, reason: 'a test needs it', at: new Date() } as const;
  return (await models.move(id, 'LIVE', cause)).model;
}
