import { DomainError } from '../domain/errors.js';
import type { EventId, ExplanationId } from '../domain/ids.js';
import type { Control, Person } from '../domain/person.js';
import type { ControlAction, Explanation } from '../domain/recommendation.js';
import type { Ports } from './ports.js';
import type { Stores } from './ports/stores.js';
import { tasteProfile, type TasteProfile } from './taste-profile.js';

interface ControlInput {
  readonly viewer: Person;
  readonly explanationId: ExplanationId;
  readonly action: ControlAction;
  readonly targetId: string;
}

type Act = (tx: Stores, input: ControlInput, at: Date) => Promise<void>;

const remember =
  (kind: Control['kind']): Act =>
  (tx, { viewer, targetId }, at) =>
    tx.profiles.addControl({ personId: viewer.id, kind, target: targetId, at });

/** One row per answer a person may give to a reason; each changes the cause, so the next page is different. */
const ACTS: Readonly<Record<ControlAction, Act>> = {
  MORE_LIKE_THIS: remember('MORE_LIKE_ITEM'),
  LESS_LIKE_THIS: remember('LESS_LIKE_ITEM'),
  HIDE_TOPIC: remember('HIDE_TOPIC'),
  FORGET_SIGNAL: async (tx, { viewer, targetId }, at) => {
    const [event] = await tx.events.byIds([targetId as EventId]);
    if (event?.personId !== viewer.id)
      throw new DomainError('NOT_FOUND', 'no event of yours has this id', { path: ['targetId'] });
    await tx.events.undo(viewer.id, event.clientEventId, at);
  },
  TURN_OFF_PROFILING: (tx, { viewer }, at) =>
    tx.people.setConsent(viewer.id, { ...viewer.consent, personalisation: false, recordedAt: at }),
};

/** Answers back to a reason. Only what that reason itself offers can be done with it. Safe to repeat. */
export async function applyControl(
  ports: Pick<Ports, 'stores' | 'transaction' | 'clock'>,
  input: ControlInput,
): Promise<TasteProfile> {
  const [explanation] = await ports.stores.answers.explanations([input.explanationId]);
  if (explanation?.personId !== input.viewer.id)
    throw new DomainError('NOT_FOUND', 'no explanation of yours has this id', { path: ['explanationId'] });
  assertOffered(explanation, input);
  await ports.transaction((tx) => ACTS[input.action](tx, input, ports.clock.now()));
  return tasteProfile(ports, input.viewer);
}

function assertOffered({ controls }: Explanation, { action, targetId }: ControlInput): void {
  if (controls.some((control) => control.action === action && control.targetId === targetId)) return;
  const offered = controls.map((control) => control.action).join(', ');
  throw new DomainError(
    'INVALID_INPUT',
    `a control that this reason offers was wanted (${offered}), ${action} on another target came`,
    {
      path: ['action'],
    },
  );
}
