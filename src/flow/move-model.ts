import { DomainError } from '../domain/errors.js';
import type { CatalogueId, ModelVersionId, PersonId } from '../domain/ids.js';
import type { ModelVersion, MoveCause } from '../domain/model-version.js';
import { promotionVerdict, type Verdict } from '../domain/promotion-rule.js';
import type { Ports } from './ports.js';
import type { Moved } from './ports/stores.js';

type MovePorts = Pick<Ports, 'stores' | 'clock'>;

/** Who moves a model, and why. */
export interface Mover {
  readonly actor: 'OPERATOR' | 'COMMAND';
  readonly personId: PersonId | null;
  readonly reason: string;
}

const LONGEST_REASON = 500;

/**
 * Puts a ranker in front of everybody. Without force it must beat popularity, and the live model where the two can be compared: an
 * operator may decide what the figures leave open, not what they deny. Force overrules them, and is stored with its reason.
 */
export async function promoteModel(
  ports: MovePorts,
  { id, force }: { readonly id: ModelVersionId; readonly force: boolean },
  mover: Mover,
): Promise<Moved> {
  const model = await rankerOf(ports, id);
  const over = (await ports.stores.models.live('RANKER', model.catalogueId))?.id ?? null;
  if (!force && over !== id) assertMayGoLive(model, promotionVerdict(model.metrics, over));
  return ports.stores.models.move(id, 'LIVE', { ...causeOf(ports, mover, force ? 'forced' : null), over });
}

function assertMayGoLive({ version, state }: ModelVersion, { state: verdict, why }: Verdict): void {
  const refuse = (reason: string) =>
    new DomainError('CONFLICT', `${version} is not promoted: ${reason}; force overrules this`, {
      path: ['force'],
    });
  if (state === 'RETIRED') throw refuse('it was retired, a roll-back is the way back');
  if (verdict === 'WORSE') throw refuse(why);
}

/** Lets a ranker answer what the live one answers, unseen, until it is promoted, retired or another one takes its place. */
export async function shadowModel(ports: MovePorts, id: ModelVersionId, mover: Mover): Promise<Moved> {
  await rankerOf(ports, id);
  return ports.stores.models.move(id, 'SHADOW', causeOf(ports, mover));
}

/** Puts a candidate or a shadow away for good. */
export async function retireModel(ports: MovePorts, id: ModelVersionId, mover: Mover): Promise<Moved> {
  await rankerOf(ports, id);
  return ports.stores.models.move(id, 'RETIRED', causeOf(ports, mover));
}

/** Makes the ranker live again that the live one replaced. Every server answers with it as soon as its artefact is loaded. */
export function rollBackModel(ports: MovePorts, catalogueId: CatalogueId, mover: Mover): Promise<Moved> {
  return ports.stores.models.rollBack('RANKER', catalogueId, causeOf(ports, mover));
}

async function rankerOf({ stores }: MovePorts, id: ModelVersionId): Promise<ModelVersion> {
  const [model] = await stores.models.byIds([id]);
  if (model?.role === 'RANKER') return model;
  throw new DomainError('NOT_FOUND', 'no ranker has this id', { path: ['id'] });
}

function causeOf(
  { clock }: MovePorts,
  { actor, personId, reason }: Mover,
  mark: string | null = null,
): MoveCause {
  const text = reason.trim();
  if (text === '' || text.length > LONGEST_REASON)
    throw new DomainError(
      'INVALID_INPUT',
      `reason: 1 to ${LONGEST_REASON} characters were wanted, ${text.length} came`,
      {
        path: ['reason'],
        constraint: `1..${LONGEST_REASON}`,
      },
    );
  return { actor, personId, reason: mark === null ? text : `${mark}: ${text}`, at: clock.now() };
}
