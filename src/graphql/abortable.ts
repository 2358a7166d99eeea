/**
 * Ends a followed log at once when its reader leaves: an async generator that waits inside `next` would hear `return`
 * only after its wait, so the signal is aborted first.
 */
export function abortable<T>(follow: (signal: AbortSignal) => AsyncIterable<T>): AsyncIterableIterator<T> {
  const controller = new AbortController();
  const inner = follow(controller.signal)[Symbol.asyncIterator]();
  const followed: AsyncIterableIterator<T> = {
    next: () => inner.next(),
    return: async () => {
      controller.abort();
      await inner.return?.();
      return { done: true, value: undefined };
    },
    throw: async (error: unknown) => {
      controller.abort();
      await inner.return?.();
      throw error;
    },
    [Symbol.asyncIterator]: () => followed,
  };
  return followed;
}
