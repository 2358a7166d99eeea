import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { follow } from '../api/follow.js';
import {
  GalleryChangesDocument,
  GalleryDocument,
  type GalleryChangesSubscription,
  type GalleryQuery,
} from '../generated/graphql.js';

const PAGE = 30;

export type ShownWork = GalleryQuery['gallery']['edges'][number]['node'];

export interface GalleryWish {
  readonly text: string;
  readonly favouritesOnly: boolean;
}

interface Shown {
  readonly works: readonly ShownWork[];
  readonly total: number | null;
  readonly endCursor: string | null;
  readonly hasMore: boolean;
}

export interface Gallery {
  readonly shown: Shown | null;
  readonly error: unknown;
  /** Works that came while the page was open. */
  readonly fresh: ReadonlySet<string>;
  readonly more: () => void;
  readonly retry: () => void;
}

/** The gallery as the person filtered it; what is made meanwhile lands in it live. */
export function useGallery(wish: GalleryWish): Gallery {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<unknown>(null);
  const read = useRead(wish);
  const filtered = wish.text !== '' || wish.favouritesOnly;
  const newest = useRef(0);

  const retry = useCallback(() => {
    const turn = ++newest.current;
    read(null).then(
      (page) => {
        if (turn !== newest.current) return;
        setShown(page);
        setError(null);
      },
      (reason: unknown) => {
        if (turn === newest.current) setError(reason);
      },
    );
  }, [read]);
  useEffect(retry, [retry]);

  const more = useCallback(() => {
    if (!shown?.hasMore) return;
    read(shown.endCursor).then((page) => setShown((before) => joined(before, page)), setError);
  }, [read, shown]);

  const onChange = useCallback(
    (change: Change) => {
      if (change.kind === 'ADDED') setFresh((ids) => new Set(ids).add(change.itemId));
      // only the server knows whether a new work matches a filter
      if (filtered && change.kind === 'ADDED') retry();
      else setShown((before) => before && withChange(before, change));
    },
    [filtered, retry],
  );
  useChanges(onChange);
  return { shown, error, fresh, more, retry };
}

type Change = GalleryChangesSubscription['galleryChanges'];

function useRead({ text, favouritesOnly }: GalleryWish) {
  const client = useApolloClient();
  return useCallback(
    async (after: string | null): Promise<Shown> => {
      const filter = { ...(text !== '' && { text }), ...(favouritesOnly && { favouritesOnly }) };
      const { data } = await client.query({
        query: GalleryDocument,
        variables: { filter, first: PAGE, after },
        fetchPolicy: 'no-cache',
      });
      if (!data) throw new Error('The server sent no answer');
      const { edges, pageInfo, totalCount } = data.gallery;
      return {
        works: edges.map(({ node }) => node),
        total: totalCount ?? null,
        endCursor: pageInfo.endCursor ?? null,
        hasMore: pageInfo.hasNextPage,
      };
    },
    [client, text, favouritesOnly],
  );
}

function useChanges(onChange: (change: Change) => void): void {
  const client = useApolloClient();
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  }, [onChange]);
  useEffect(
    () =>
      follow(client, {
        document: GalleryChangesDocument,
        variables: (after) => ({ after }),
        pick: ({ galleryChanges }) => galleryChanges,
        onEvent: (change) => latest.current(change),
      }),
    [client],
  );
}

function joined(before: Shown | null, page: Shown): Shown {
  const known = new Set(before?.works.map(({ id }) => id));
  return { ...page, works: [...(before?.works ?? []), ...page.works.filter(({ id }) => !known.has(id))] };
}

function withChange(before: Shown, { kind, itemId, item }: Change): Shown {
  const others = before.works.filter(({ id }) => id !== itemId);
  const known = others.length < before.works.length;
  if (kind === 'REMOVED' || !item) return { ...before, works: others };
  if (known) return { ...before, works: before.works.map((work) => (work.id === itemId ? item : work)) };
  const total = before.total === null ? null : before.total + 1;
  return { ...before, works: [item, ...others], total };
}
