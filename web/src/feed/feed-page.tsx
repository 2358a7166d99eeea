import { useCallback, useEffect, useRef, useState } from 'react';
import { Blank } from '../components/blank.js';
import { Failure } from '../components/failure.js';
import { useFavourites } from '../components/favourites.js';
import { goTo } from '../shell/route.js';
import { CardSkeletons } from './card-skeletons.js';
import type { FeedEdge } from './answer.js';
import { FeedCard } from './feed-card.js';
import { useCardActions } from './use-card-actions.js';
import { useFeed, type Feed } from './use-feed.js';
import { useReject } from './use-reject.js';
import { useUpdates } from './use-updates.js';
import { WhySheet } from './why-sheet.js';

/** The person's own shop window. */
export function FeedPage() {
  const feed = useFeed();
  const updated = useUpdates(feed.refresh);
  const { leaving, reject } = useReject(feed, updated);
  const [whyOf, setWhyOf] = useState<FeedEdge | null>(null);
  const requestId = feed.answer?.requestId ?? null;
  const actions = useCardActions({ requestId, updated, reject, openWhy: setWhyOf });
  const closeWhy = useCallback(() => setWhyOf(null), []);
  const { isOn } = useFavourites();
  useArrival(feed);
  return (
    <>
      <FeedHead feed={feed} />
      {feed.error !== null && <Failure error={feed.error} onRetry={feed.retry} />}
      {!feed.answer && feed.error === null && <CardSkeletons count={18} />}
      {feed.answer && (
        <div className="grid" data-request={feed.answer.requestId}>
          {feed.answer.edges.map((edge) => (
            <FeedCard
              key={edge.node.id}
              edge={edge}
              favourited={isOn(edge.node)}
              leaving={leaving.has(edge.node.id)}
              actions={actions}
            />
          ))}
        </div>
      )}
      {feed.answer && <FeedEnd feed={feed} />}
      {whyOf && requestId && (
        <WhySheet
          edge={whyOf}
          requestId={requestId}
          onClose={closeWhy}
          onChanged={() => void updated('after your answer')}
        />
      )}
    </>
  );
}

/** On a first start the catalogue is still being loaded when the page opens. */
const ARRIVAL_POLL_MS = 4_000;

/** Asks again while there is nothing to show. */
function useArrival({ answer, error, retry }: Feed): void {
  const empty = answer ? answer.edges.length === 0 : error !== null;
  useEffect(() => {
    if (!empty) return;
    const timer = setInterval(retry, ARRIVAL_POLL_MS);
    return () => clearInterval(timer);
  }, [empty, retry]);
}

function FeedHead({ feed: { answer } }: { readonly feed: Feed }) {
  const degraded = answer?.degraded ?? null;
  return (
    <div className="page-head">
      <div>
        <h1>Picked for you</h1>
        <p>
          {answer?.profiled === false
            ? 'Profiling is off: this is what everybody sees.'
            : 'Every card says why it is here, and every reason can be answered back to.'}
          {degraded !== null && ` ${degraded}`}
        </p>
      </div>
      <button type="button" className="button primary" onClick={() => goTo({ studio: true })}>
        Make one for me
      </button>
    </div>
  );
}

/** Reads the next page a screen before the end comes into sight. */
function FeedEnd({ feed: { answer, more, loadingMore } }: { readonly feed: Feed }) {
  const end = useRef<HTMLDivElement>(null);
  const count = answer?.edges.length ?? 0;
  useEffect(() => {
    if (!end.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) more();
      },
      { rootMargin: '900px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
    // a page shorter than the screen moves nothing: look again after each one
  }, [more, count]);
  if (count === 0) {
    return (
      <Blank icon="home" title="Nothing to show yet">
        <p className="muted">The catalogue is still being set up. This page fills by itself in a moment.</p>
      </Blank>
    );
  }
  return (
    <div className="grid-end" ref={end}>
      {loadingMore && <p role="status">Loading more</p>}
      {!answer?.hasMore && (
        <p>You have seen it all. Click something you like, and the window is dressed anew.</p>
      )}
      {answer?.hasMore && !loadingMore && (
        <button type="button" className="button slim" onClick={more}>
          Show more
        </button>
      )}
    </div>
  );
}
