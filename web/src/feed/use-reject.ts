import { useApolloClient } from '@apollo/client/react';
import { useCallback, useState } from 'react';
import { sentenceOf } from '../api/sentence-of.js';
import { useSession } from '../api/session.js';
import { UndoEventDocument } from '../generated/graphql.js';
import { useNotice } from '../shell/notices.js';
import { placeOf, type FeedEdge } from './answer.js';
import type { Feed } from './use-feed.js';
import type { Updated } from './use-updates.js';

interface Reject {
  /** Cards on their way out. */
  readonly leaving: ReadonlySet<string>;
  readonly reject: (edge: FeedEdge, type: 'DISLIKE' | 'HIDE') => Promise<void>;
}

/** "Less like this" and "hide": the card goes, the next answer shows the effect, and it can be undone. */
export function useReject({ answer, drop }: Feed, updated: Updated): Reject {
  const client = useApolloClient();
  const { recorder } = useSession();
  const notice = useNotice();
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const requestId = answer?.requestId ?? null;

  const reject = useCallback(
    async (edge: FeedEdge, type: 'DISLIKE' | 'HIDE') => {
      const { id, title } = edge.node;
      const fail = (error: unknown) => notice({ text: sentenceOf(error) });
      const undo = async (clientEventId: string) => {
        await client.mutate({ mutation: UndoEventDocument, variables: { clientEventId } });
        await updated('after undoing it');
      };
      setLeaving((all) => new Set(all).add(id));
      try {
        const eventId = recorder.add({ type, ...placeOf(edge, requestId) });
        await recorder.flush();
        drop(id);
        const because = type === 'HIDE' ? `after you hid “${title}”` : `with less like “${title}”`;
        await updated(because, 'show', { label: 'Undo', run: () => void undo(eventId).catch(fail) });
      } catch (error) {
        fail(error);
      } finally {
        setLeaving((all) => new Set([...all].filter((other) => other !== id)));
      }
    },
    [client, recorder, notice, requestId, drop, updated],
  );
  return { leaving, reject };
}
