import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { FeedDocument, MoreFeedDocument } from '../generated/graphql.js';
import { answerOf, withPage, without, type Answer } from './answer.js';
import { glide } from './glide.js';

/** Divides by 2, 3, 4 and 6 columns. */
const PAGE = 24;
/** Deeper in the scroll a new answer is offered, not put in place: the page must not jump. */
const DEEP = 2 * PAGE;

export interface Feed {
  readonly answer: Answer | null;
  readonly error: unknown;
  readonly loadingMore: boolean;
  readonly more: () => void;
  readonly retry: () => void;
  /** Asks again. Shows the new answer at once, or, with `offer`, hands back the function that shows it. */
  readonly refresh: (how: 'show' | 'offer') => Promise<(() => void) | null>;
  readonly drop: (itemId: string) => void;
}

/** The feed of one page view: one answer read page by page, until an action of the person asks for the next answer. */
export function useFeed(): Feed {
  const read = useRead();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [loadingMore, setLoadingMore] = useState(false);
  const current = useRef<Answer | null>(null);
  const busy = useRef(false);

  const put = useCallback((next: Answer) => {
    current.current = next;
    setAnswer(next);
    setError(null);
  }, []);

  const retry = useCallback(() => {
    read(null).then(put, setError);
  }, [read, put]);
  useEffect(retry, [retry]);

  const more = useCallback(() => {
    const base = current.current;
    if (!base?.hasMore || busy.current) return;
    busy.current = true;
    setLoadingMore(true);
    read(base.endCursor)
      .then((page) => {
        if (current.current?.requestId === base.requestId) put(withPage(current.current, page));
      }, setError)
      .finally(() => {
        busy.current = false;
        setLoadingMore(false);
      });
  }, [read, put]);

  const changes = useChanges(current, put, read);
  return { answer, error, loadingMore, more, retry, ...changes };
}

type Read = (after: string | null) => Promise<Answer>;

function useRead(): Read {
  const client = useApolloClient();
  return useCallback(
    async (after) => {
      const options = { fetchPolicy: 'no-cache' } as const;
      const { data } =
        after === null
          ? await client.query({ query: FeedDocument, variables: { first: PAGE }, ...options })
          : await client.query({ query: MoreFeedDocument, variables: { first: PAGE, after }, ...options });
      if (!data) throw new Error('The server sent no answer');
      return answerOf(data.recommendations);
    },
    [client],
  );
}

/** What an action does to the page. Of two answers on their way, only the one that was asked for last is shown. */
function useChanges(
  current: RefObject<Answer | null>,
  put: (answer: Answer) => void,
  read: Read,
): Pick<Feed, 'refresh' | 'drop'> {
  const turn = useRef(0);
  const refresh = useCallback<Feed['refresh']>(
    async (how) => {
      const mine = ++turn.current;
      const next = await read(null);
      if (mine !== turn.current) return null;
      const show = () => {
        glide(() => put(next));
      };
      if (how === 'offer' || (current.current?.edges.length ?? 0) > DEEP) {
        return () => {
          window.scrollTo({ top: 0 });
          show();
        };
      }
      show();
      return null;
    },
    [current, read, put],
  );
  const drop = useCallback(
    (itemId: string) => {
      glide(() => {
        if (current.current) put(without(current.current, itemId));
      });
    },
    [current, put],
  );
  return { refresh, drop };
}
