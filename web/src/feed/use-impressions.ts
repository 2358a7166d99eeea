import { useCallback, useEffect, useRef } from 'react';
import { useSession } from '../api/session.js';

/** The usual bar of "was seen": half of it, for one second. */
const SHARE_SEEN = 0.5;
const SEEN_MS = 1_000;

interface Shown {
  readonly contentId: string;
  readonly requestId: string;
  readonly position: number;
}

/** Gives the function that watches one card; each place of an answer counts once. */
export function useImpressions(): (element: Element, shown: Shown) => () => void {
  const { recorder } = useSession();
  const counted = useRef(new Set<string>());
  const watched = useRef(new Map<Element, Shown>());
  const observer = useRef<IntersectionObserver | null>(null);

  useEffect(() => {
    const flush = () => {
      if (document.visibilityState === 'hidden') void recorder.flush().catch(() => undefined);
    };
    document.addEventListener('visibilitychange', flush);
    return () => {
      document.removeEventListener('visibilitychange', flush);
      observer.current?.disconnect();
    };
  }, [recorder]);

  return useCallback(
    (element, shown) => {
      observer.current ??= watcher(watched.current, counted.current, (seen) => {
        recorder.add({ type: 'IMPRESSION', ...seen });
      });
      watched.current.set(element, shown);
      const active = observer.current;
      active.observe(element);
      return () => {
        active.unobserve(element);
        watched.current.delete(element);
      };
    },
    [recorder],
  );
}

function watcher(
  watched: ReadonlyMap<Element, Shown>,
  counted: Set<string>,
  onSeen: (shown: Shown) => void,
): IntersectionObserver {
  const timers = new Map<Element, ReturnType<typeof setTimeout>>();
  return new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target));
        timers.delete(target);
        if (!isIntersecting) continue;
        const count = () => {
          const shown = watched.get(target);
          const key = shown && `${shown.requestId} ${shown.contentId}`;
          if (!shown || !key || counted.has(key)) return;
          counted.add(key);
          onSeen(shown);
        };
        timers.set(target, setTimeout(count, SEEN_MS));
      }
    },
    { threshold: SHARE_SEEN },
  );
}
