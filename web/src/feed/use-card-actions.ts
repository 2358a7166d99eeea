import { useMemo } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { useSession } from '../api/session.js';
import { useFavourites } from '../components/favourites.js';
import { useNotice } from '../shell/notices.js';
import { goTo } from '../shell/route.js';
import { placeOf, type FeedEdge } from './answer.js';
import type { CardActions } from './feed-card.js';
import { useImpressions } from './use-impressions.js';
import type { Updated } from './use-updates.js';

interface Given {
  readonly requestId: string | null;
  readonly updated: Updated;
  readonly reject: (edge: FeedEdge, type: 'DISLIKE' | 'HIDE') => Promise<void>;
  readonly openWhy: (edge: FeedEdge) => void;
}

/** What a person can do on a card; each is recorded with the place where the card stood. */
export function useCardActions({ requestId, updated, reject, openWhy }: Given): CardActions {
  const { recorder } = useSession();
  const { toggle } = useFavourites();
  const notice = useNotice();
  const watch = useImpressions();
  return useMemo(() => {
    const fail = (error: unknown) => notice({ text: sentenceOf(error) });
    const open = async (edge: FeedEdge) => {
      goTo({ item: edge.node.id });
      recorder.add({ type: 'CLICK', ...placeOf(edge, requestId) });
      await recorder.flush();
      await updated('after your click');
    };
    const favourite = async (edge: FeedEdge) => {
      const on = await toggle(edge.node);
      await updated(on ? 'after your favourite' : 'without that favourite', 'offer');
    };
    return {
      open: (edge) => void open(edge).catch(fail),
      favourite: (edge) => void favourite(edge).catch(fail),
      less: (edge) => void reject(edge, 'DISLIKE'),
      hide: (edge) => void reject(edge, 'HIDE'),
      why: (edge) => {
        recorder.add({ type: 'EXPLANATION_OPENED', ...placeOf(edge, requestId) });
        openWhy(edge);
      },
      seen: (element, edge) =>
        requestId === null
          ? () => undefined
          : watch(element, { contentId: edge.node.id, requestId, position: edge.position }),
    };
  }, [requestId, updated, reject, openWhy, recorder, toggle, notice, watch]);
}
