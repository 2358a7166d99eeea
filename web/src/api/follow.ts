import type { ApolloClient, OperationVariables, TypedDocumentNode } from '@apollo/client';

interface Follow<Data, Variables, Event> {
  readonly document: TypedDocumentNode<Data, Variables>;
  /** The variables that ask for everything after the cursor. */
  readonly variables: (after: string | null) => Variables;
  readonly pick: (data: Data) => Event;
  readonly onEvent: (event: Event) => void;
  readonly onEnd?: () => void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Follows an event log over the socket. After a lost connection it subscribes again from the last cursor it saw, so
 * nothing is missed and nothing comes twice. Returns the function that stops it.
 */
export function follow<Data, Variables extends OperationVariables, Event extends { cursor: string }>(
  client: ApolloClient,
  { document, variables, pick, onEvent, onEnd }: Follow<Data, Variables, Event>,
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
    subscription = client.subscribe({ query: document, variables: variables(cursor) }).subscribe({
      next: ({ data, error }) => {
        if (error || !data) return;
        wait = FIRST_WAIT_MS;
        const event = pick(data);
        cursor = event.cursor;
        onEvent(event);
      },
      error: again,
      complete: () => {
        if (!stopped) onEnd?.();
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
