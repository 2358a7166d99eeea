import { DomainError } from '../../domain/errors.js';
import type { ModelVersion } from '../../domain/model-version.js';
import type { ModelStore } from '../../flow/ports/stores.js';
import type { ModelVersion as Row } from '../../generated/prisma/client.js';
import { asJson } from './as-json.js';
import type { Db, StoreContext } from './store-context.js';
import { isUuid, uuids } from './uuids.js';

const toModel = (row: Row): ModelVersion => ({ ...row, seed: Number(row.seed) }) as unknown as ModelVersion;

export function modelStore({ db, ids, together }: StoreContext): ModelStore {
  return {
    async save({ metrics, ...model }) {
      const data = { ...model, id: ids.next(), metrics: asJson(metrics) };
      return toModel(await db.modelVersion.create({ data }));
    },
    byIds: async (wanted) =>
      (await db.modelVersion.findMany({ where: { id: { in: uuids(wanted) } } })).map(toModel),
    async live(role, catalogueId) {
      const row = await db.modelVersion.findFirst({ where: { role, catalogueId, state: 'LIVE' } });
      return row && toModel(row);
    },
    list: async (filter) =>
      (
        await db.modelVersion.findMany({
          where: filter,
          orderBy: [{ trainedAt: 'desc' }, { id: 'desc' }],
        })
      ).map(toModel),
    promote: (id) => together((tx) => promote(tx, id)),
  };
}

async function promote(db: Db, id: string): Promise<{ live: ModelVersion; previous: ModelVersion | null }> {
  const model = isUuid(id) ? await db.modelVersion.findUnique({ where: { id } }) : null;
  if (model === null) throw new DomainError('NOT_FOUND', `there is no model ${id}`);
  const { role, catalogueId } = model;
  // promotions of one role wait for each other, so that each retires the one that was live before it
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`model ${role} ${catalogueId ?? ''}`}, 0))`;
  const previous = await db.modelVersion.findFirst({ where: { role, catalogueId, state: 'LIVE' } });
  if (previous?.id === id) return { live: toModel(previous), previous: null };
  if (previous !== null) {
    await db.modelVersion.update({ where: { id: previous.id }, data: { state: 'RETIRED' } });
  }
  const live = await db.modelVersion.update({ where: { id }, data: { state: 'LIVE' } });
  return { live: toModel(live), previous: previous && toModel({ ...previous, state: 'RETIRED' }) };
}
