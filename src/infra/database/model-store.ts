import type { ModelRole, ModelTransition } from '../../domain/model-version.js';
import type { ModelStore } from '../../flow/ports/stores.js';
import type { ModelTransition as TransitionRow } from '../../generated/prisma/client.js';
import { asJson } from './as-json.js';
import { modelMoves, toModel } from './model-moves.js';
import type { StoreContext } from './store-context.js';
import { uuids } from './uuids.js';

const toTransition = (row: TransitionRow): ModelTransition => {
  const { modelVersionId, from, to, actor, personId, reason, replacedId, at } = row;
  return { modelVersionId, from, to, actor, personId, reason, replacedId, at } as ModelTransition;
};

export function modelStore({ db, ids, together }: StoreContext): ModelStore {
  const onlyOne = async (role: ModelRole, catalogueId: string | null, state: 'LIVE' | 'SHADOW') => {
    const row = await db.modelVersion.findFirst({ where: { role, catalogueId, state } });
    return row && toModel(row);
  };
  return {
    async save({ metrics, recipe, learned, ...model }) {
      const facts = {
        metrics: asJson(metrics),
        recipe: asJson(recipe),
        ...(learned && { learned: asJson(learned) }),
      };
      return toModel(await db.modelVersion.create({ data: { ...model, ...facts, id: ids.next() } }));
    },
    byIds: async (wanted) =>
      (await db.modelVersion.findMany({ where: { id: { in: uuids(wanted) } } })).map(toModel),
    live: (role, catalogueId) => onlyOne(role, catalogueId, 'LIVE'),
    shadow: (role, catalogueId) => onlyOne(role, catalogueId, 'SHADOW'),
    list: async (filter) =>
      (
        await db.modelVersion.findMany({
          where: filter,
          orderBy: [{ trainedAt: 'desc' }, { id: 'desc' }],
        })
      ).map(toModel),
    move: (id, to, cause) => together((tx) => modelMoves(tx, ids).move(id, to, cause)),
    rollBack: (role, catalogueId, cause) =>
      together((tx) => modelMoves(tx, ids).rollBack({ role, catalogueId }, cause)),
    history: async (wanted) =>
      (
        await db.modelTransition.findMany({
          where: { modelVersionId: { in: uuids(wanted) } },
          orderBy: [{ at: 'asc' }, { id: 'asc' }],
        })
      ).map(toTransition),
  };
}
