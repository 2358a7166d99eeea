export interface AttemptClock {
  /** Runs work whose time is not the attempt's: the limit stands still meanwhile. */
  readonly uncounted: <T>(work: () => Promise<T>) => Promise<T>;
  readonly end: () => void;
}

/** Calls `onOver` when an attempt has taken `limitMs` of its own time. */
export function attemptClock(limitMs: number, onOver: () => void): AttemptClock {
  let left = limitMs;
  let [startedAt, timer] = [performance.now(), setTimeout(onOver, left)];
  let waiting = 0;
  let isEnded = false;
  const stand = (): void => {
    clearTimeout(timer);
    left -= performance.now() - startedAt;
  };
  const go = (): void => {
    if (isEnded) return;
    startedAt = performance.now();
    timer = setTimeout(onOver, Math.max(0, left));
  };
  return {
    async uncounted(work) {
      if (waiting === 0) stand();
      waiting++;
      try {
        return await work();
      } finally {
        waiting--;
        if (waiting === 0) go();
      }
    },
    end() {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}
