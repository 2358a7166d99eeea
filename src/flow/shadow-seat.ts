import type { ModelVersionId } from '../domain/ids.js';
import type { Served, ServedRequest } from '../domain/recommendation.js';
import type { Ports } from './ports.js';
import type { RankingView, ShadowSeat } from './ranking-view.js';
import { nextTurn } from './next-turn.js';

/** Items of an answer that are compared: what is on the first screen. */
const COMPARED = 10;
/** After an answer the shadow rests this many times as long as it took: it has at most a fifth of one core. */
const REST = 4;

/**
 * One question at a time and a rest after it bound the cost; requests that come meanwhile are passed over, so that under load the
 * shadow sees a sample. It is asked after the answer was stored, and what it says goes nowhere but into the counts.
 */
export function shadowSeat(
  { stores, clock, log }: Pick<Ports, 'stores' | 'clock' | 'log'>,
  modelVersionId: ModelVersionId,
  unseen: RankingView,
): ShadowSeat {
  let freeAt = 0;
  const now = () => clock.now().getTime();
  const compare = async (
    request: ServedRequest,
    answer: (view: RankingView) => Promise<readonly Served[]>,
  ) => {
    await nextTurn(); // the person's answer goes out first: ranking begins with work that does not wait
    const [items, liveItems] = [topOf(await answer(unseen)), topOf(request.entries)];
    const both = items.filter((id) => liveItems.includes(id)).length;
    const overlap = both / Math.max(1, items.length, liveItems.length);
    const facts = {
      requestId: request.id,
      modelVersionId,
      items,
      liveItems,
      overlap,
      at: clock.now(),
    };
    await stores.shadows.save(facts);
  };
  return {
    offer(request, answer) {
      const startedAt = now();
      if (startedAt < freeAt) return;
      freeAt = Infinity;
      compare(request, answer)
        .catch((error: unknown) => log('shadow-answer-failed', { modelVersionId, error }))
        .finally(() => (freeAt = now() + REST * (now() - startedAt)));
    },
  };
}

const topOf = (entries: readonly Served[]) => entries.slice(0, COMPARED).map(({ itemId }) => itemId);
