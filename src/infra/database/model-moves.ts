import { DomainError } from '../../domain/errors.js';
import { assertMayMove } from '../../domain/model-lifecycle.js';
import type { ModelRole, ModelState, ModelVersion, MoveCause } from '../../domain/model-version.js';
import type { Ids } from '../../flow/ports.js';
import type { Moved } from '../../flow/ports/stores.js';
import type { ModelVersion as Row } from '../../generated/prisma/client.js';
import type { Db } from './store-context.js';
import { isUuid } from './uuids.js';

export const toModel = (row: Row): ModelVersion =>
  ({ ...row, seed: Number(row.seed) }) as unknown as ModelVersion;

/** Where only one model may be, and where it goes when another takes its place. */
const ONLY_ONE: Readonly<Partial<Record<ModelState, ModelState>>> = { LIVE: 'RETIRED', SHADOW: 'CANDIDATE' };

type Seat = { readonly role: string; readonly catalogueId: string | null };
type Cause = MoveCause & { readonly over?: string | null };

/** Moves of models inside one transaction: state and history change together or not at all. */
export function modelMoves(db: Db, ids: Ids) {
  const step = async (
    row: Row,
    to: ModelState,
    { actor, personId, reason, at }: MoveCause,
    replaced: Row | null,
  ) => {
    const facts = { actor, personId, reason, at, modelVersionId: row.id, from: row.state, to };
    await db.modelTransition.create({ data: { ...facts, id: ids.next(), replacedId: replaced?.id ?? null } });
    return toModel(await db.modelVersion.update({ where: { id: row.id }, data: { state: to } }));
  };
  const holder = ({ role, catalogueId }: Seat, state: ModelState) =>
    db.modelVersion.findFirst({ where: { role, catalogueId, state } });

  /** Sends whoever has the place away, and returns them as they were. */
  const clear = async (row: Row, to: ModelState, cause: MoveCause): Promise<Row | null> => {
    const away = ONLY_ONE[to];
    const previous = away === undefined ? null : await holder(row, to);
    if (previous === null || away === undefined) return null;
    await step(previous, away, { ...cause, reason: `${row.version} took its place: ${cause.reason}` }, null);
    return { ...previous, state: away };
  };

  return {
    async move(id: string, to: ModelState, cause: Cause): Promise<Moved> {
      await lock(db, await wanted(db, id));
      const row = await wanted(db, id); // as it is now that nobody else moves it
      if (cause.over !== undefined) assertStillLive(await holder(row, 'LIVE'), cause.over);
      if (row.state === to) return { model: toModel(row), previous: null };
      assertMayMove(row.state as ModelState, to);
      const previous = await clear(row, to, cause);
      const model = await step(row, to, cause, to === 'LIVE' ? previous : null);
      return { model, previous: previous && toModel(previous) };
    },

    /** Names nobody as replaced: going back twice goes further back, instead of to and fro. */
    async rollBack(seat: { role: ModelRole; catalogueId: string | null }, cause: MoveCause): Promise<Moved> {
      await lock(db, seat);
      const live = await holder(seat, 'LIVE');
      if (live === null)
        throw new DomainError('NOT_FOUND', 'no model is live here', { path: ['catalogueId'] });
      const promotion = await db.modelTransition.findFirst({
        where: { modelVersionId: live.id, to: 'LIVE', replacedId: { not: null } },
        orderBy: [{ at: 'desc' }, { id: 'desc' }],
      });
      const target = promotion?.replacedId ?? null;
      if (target === null)
        throw new DomainError('CONFLICT', `no model was live before ${live.version}`, {
          path: ['catalogueId'],
        });
      const row = await wanted(db, target);
      const previous = await clear(row, 'LIVE', cause);
      return { model: await step(row, 'LIVE', cause, null), previous: previous && toModel(previous) };
    },
  };
}

/** Moves of one role and catalogue wait for each other, so that each sees what the one before it left. */
async function lock(db: Db, { role, catalogueId }: Seat): Promise<void> {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`model ${role} ${catalogueId ?? ''}`}, 0))`;
}

async function wanted(db: Db, id: string): Promise<Row> {
  const row = isUuid(id) ? await db.modelVersion.findUnique({ where: { id } }) : null;
  if (row === null) throw new DomainError('NOT_FOUND', `there is no model ${id}`, { path: ['id'] });
  return row;
}

function assertStillLive(live: Row | null, over: string | null): void {
  if ((live?.id ?? null) === over) return;
  throw new DomainError(
    'CONFLICT',
    `${live?.version ?? 'no model'} is live by now: look at the figures again`,
    {
      path: ['id'],
      retryable: true,
    },
  );
}
