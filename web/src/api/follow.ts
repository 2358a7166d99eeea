import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';

interface Follow<Data, Variables, Event> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** The variables that ask for everything after the cursor. */
  readonly variables: (after: string | null) => Variables;
  readonly pick: (data: Data) => Event;
  readonly onEvent: (event: Event) => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Follows an event log over the socket. After a lost connection it subscribes again from the last cursor it saw, so
 * nothing is missed and nothing comes twice. Returns the function that stops it.
 */
export function follow<Data, Variables extends OperationVariables, Event extends { cursor: string }>(
  client: ApolloClient,
  { document, variables, pick, onEvent }: Follow<Data, Variables, Event>,
): () => void {
  let cursor: string | null = null;
  let wait = FIRST_WAIT_MS;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let subscription: { unsubscribe(): void } | undefined;

  const again = () => {
    if (stopped) return;
    timer = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  };
  const open = () => {
    let lost = false;
    subscription = client.subscribe({ query: document, variables: variables(cursor) }).subscribe({
      next: ({ data, error }) => {
        // a lost connection comes as a last result; what the server itself refuses would be refused again
        if (error) lost = !CombinedGraphQLErrors.is(error);
        if (!data) return;
        wait = FIRST_WAIT_MS;
        const event = pick(data);
        cursor = event.cursor;
        onEvent(event);
      },
      complete: () => {
        if (lost) again();
      },
    });
  };
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    subscription?.unsubscribe();
  };
}
