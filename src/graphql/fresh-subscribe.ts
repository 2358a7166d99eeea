import { createSourceEventStream, execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { ApiContext } from './context.js';

type Result = Pick<ExecutionResult, 'data' | 'extensions'> & { readonly errors?: unknown };

/** Like graphql's `subscribe`, but each event is answered with a context of its own: rights are checked again every time. */
export async function freshSubscribe<R extends Result>(
  args: ExecutionArgs,
  shown: (result: ExecutionResult) => R,
): Promise<AsyncIterableIterator<R> | R> {
  const stream = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in stream)) return shown(stream);
  const source = stream[Symbol.asyncIterator]();
  const context = args.contextValue as ApiContext;
  const answers: AsyncIterableIterator<R> = {
    async next() {
      const event = await source.next();
      if (event.done === true) return { done: true, value: undefined };
      const answer = await execute({ ...args, rootValue: event.value, contextValue: context.renewed() });
      return { done: false, value: shown(answer) };
    },
    async return() {
      await source.return?.();
      return { done: true, value: undefined };
    },
    async throw(error: unknown) {
      await source.return?.();
      throw error;
    },
    [Symbol.asyncIterator]: () => answers,
  };
  return answers;
}
