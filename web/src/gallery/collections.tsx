import { useApolloClient, useQuery } from '@apollo/client/react';
import { createContext, useCallback, useContext, useMemo, type ReactNode } from 'react';
import { problemOf } from '../api/problem-of.js';
import {
  CollectionsDocument,
  SaveCollectionDocument,
  ShareCollectionDocument,
  type CollectionFieldsFragment,
  type CollectionInput,
} from '../generated/graphql.js';

export type ShownCollection = CollectionFieldsFragment;

interface Collections {
  readonly all: readonly ShownCollection[];
  /** Makes or changes one; the newest state of all is read again. Throws what the server refused, as a sentence. */
  readonly save: (input: CollectionInput) => Promise<ShownCollection>;
  /** The address of a new link. */
  readonly share: (id: string) => Promise<string>;
}

const CollectionsContext = createContext<Collections | null>(null);

export function useCollections(): Collections {
  const collections = useContext(CollectionsContext);
  if (!collections) throw new Error('useCollections was called outside of its provider');
  return collections;
}

export function CollectionsProvider({ children }: { readonly children: ReactNode }) {
  const client = useApolloClient();
  const { data, refetch } = useQuery(CollectionsDocument);
  const save = useCallback(
    async (input: CollectionInput) => {
      const answer = await client.mutate({ mutation: SaveCollectionDocument, variables: { input } });
      const result = answer.data?.saveCollection;
      const problem = problemOf(result);
      if (problem !== null || result?.__typename !== 'CollectionPayload')
        throw new Error(problem ?? 'The server sent no answer');
      await refetch();
      return result.collection;
    },
    [client, refetch],
  );
  const share = useCallback(
    async (id: string) => {
      const answer = await client.mutate({ mutation: ShareCollectionDocument, variables: { id } });
      const result = answer.data?.shareCollection;
      const problem = problemOf(result);
      if (problem !== null || result?.__typename !== 'ShareLinkPayload')
        throw new Error(problem ?? 'The server sent no answer');
      return new URL(result.link.url, window.location.href).href;
    },
    [client],
  );
  const all = data?.viewer.collections.nodes;
  const value = useMemo(() => ({ all: all ?? [], save, share }), [all, save, share]);
  return <CollectionsContext.Provider value={value}>{children}</CollectionsContext.Provider>;
}
