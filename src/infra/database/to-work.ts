import type { Recipe, Work } from '../../domain/work.js';
import type { Work as Row } from '../../generated/prisma/client.js';

export function toWork(row: Row): Work {
  const recipe = { ...(row.settings as object), prompt: row.prompt, seed: Number(row.seed) } as Recipe;
  const { itemId, authorId, jobId, index, kind, recipeShared, parentId, basedOn } = row;
  const { contentHash, manifest, verdicts, modelVersionId, createdAt } = row;
  return {
    ...{ itemId, authorId, jobId, index, kind, recipe, recipeShared, parentId, basedOn },
    ...{ contentHash, manifest, verdicts, modelVersionId, createdAt },
  } as unknown as Work;
}
