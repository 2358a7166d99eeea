import { expect, test } from '@jest/globals';
import type { ApolloClient, TypedDocumentNode } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { Observable } from 'rxjs';
import { follow } from './follow.js';

interface Line {
  readonly cursor: string;
}
type Result = { readonly data?: Line; readonly error?: Error };
interface Variables {
  readonly after: string | null;
}

/** Answers each subscription with the next script, and remembers from where it was asked. */
function scripted(scripts: readonly (readonly Result[])[]) {
  const asked: (string | null)[] = [];
  const subscribe = ({ variables }: { variables: Variables }) => {
    const script = scripts[asked.push(variables.after) - 1] ?? [];
    return new Observable<Result>((observer) => {
      for (const result of script) observer.next(result);
      observer.complete();
    });
  };
  return { asked, client: { subscribe } as unknown as ApolloClient };
}

const document = {} as TypedDocumentNode<Line, Variables>;
const linesOf = (client: ApolloClient) => {
  const seen: string[] = [];
  const stop = follow(client, {
    document,
    variables: (after) => ({ after }),
    pick: (line) => line,
    onEvent: ({ cursor }) => seen.push(cursor),
  });
  return { seen, stop };
};
const soon = () => new Promise((resolve) => setTimeout(resolve, 700));

test('a lost connection is taken up again after the last line that was seen', async () => {
  const lost = { error: new Error('Socket closed') };
  const { asked, client } = scripted([
    [{ data: { cursor: 'a' } }, { data: { cursor: 'b' } }, lost],
    [{ data: { cursor: 'c' } }],
  ]);
  const { seen, stop } = linesOf(client);
  await soon();
  stop();
  expect(asked).toEqual([null, 'b']);
  expect(seen).toEqual(['a', 'b', 'c']);
});

test('an orderly end is the end', async () => {
  const { asked, client } = scripted([[{ data: { cursor: 'a' } }], []]);
  const { stop } = linesOf(client);
  await soon();
  stop();
  expect(asked).toEqual([null]);
});

test('what the server refuses is not asked again', async () => {
  const refused = { error: new CombinedGraphQLErrors({ errors: [{ message: 'no job of yours' }] }) };
  const { asked, client } = scripted([[refused], []]);
  const { stop } = linesOf(client);
  await soon();
  stop();
  expect(asked).toEqual([null]);
});
