/** Seconds that a job still takes, from what jobs of its kind take and how far it says it is. */
export function secondsLeft(expected: number, progress: number, elapsed: number): number {
  return progress > 0 ? expected * (1 - progress) : Math.max(0, expected - elapsed);
}

/**
 * Seconds until a waiting job is done: list scheduling (Graham 1966). Each of `slots` places is busy as long as what runs there
 * takes (`running`, seconds left); the jobs `ahead` (seconds each, in order) take the place that is free first; then this one does.
 * Null without a place: nobody works, so nobody knows.
 */
export function secondsUntilDone(
  { running, ahead, own }: { running: readonly number[]; ahead: readonly number[]; own: number },
  slots: number,
): number | null {
  if (slots <= 0) return null;
  const freeAt = Array.from({ length: slots }, () => 0);
  const take = (seconds: number): number => {
    const first = freeAt.indexOf(Math.min(...freeAt));
    freeAt[first] = (freeAt[first] ?? 0) + seconds;
    return freeAt[first];
  };
  [...running].sort((a, b) => b - a).forEach(take);
  ahead.forEach(take);
  return take(own);
}
