import { useApolloClient } from '@apollo/client/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { follow } from '../api/follow.js';
import {
  GalleryChangesDocument,
  GalleryDocument,
  type GalleryChangesSubscription,
  type GalleryQuery,
  type GalleryQueryVariables,
} from '../generated/graphql.js';
import { filterOf, isNewestFirst, type GalleryWish } from './gallery-wish.js';

const PAGE = 30;

export type ShownWork = GalleryQuery['gallery']['edges'][number]['node'];

interface Shown {
  readonly works: readonly ShownWork[];
  /** Why a work stands where it stands, in the personal order. */
  readonly reasons: ReadonlyMap<string, string>;
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
  const asked = JSON.stringify({ filter: filterOf(wish), order: wish.order });
  const read = useRead(asked);
  const newestFirst = isNewestFirst(wish);
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
      // only the server knows where a new work stands in another order
      if (!newestFirst && change.kind === 'ADDED') retry();
      else setShown((before) => before && withChange(before, change));
    },
    [newestFirst, retry],
  );
  useChanges(asked, onChange);
  return { shown, error, fresh, more, retry };
}

type Change = GalleryChangesSubscription['galleryChanges'];
type Asked = Pick<GalleryQueryVariables, 'filter' | 'order'>;

function useRead(asked: string) {
  const client = useApolloClient();
  return useCallback(
    async (after: string | null): Promise<Shown> => {
      const { data } = await client.query({
        query: GalleryDocument,
        variables: { ...(JSON.parse(asked) as Asked), first: PAGE, after },
        fetchPolicy: 'no-cache',
      });
      if (!data) throw new Error('The server sent no answer');
      const { edges, pageInfo, totalCount } = data.gallery;
      return {
        works: edges.map(({ node }) => node),
        reasons: new Map(edges.flatMap(({ node, explanation: why }) => (why ? [[node.id, why.text]] : []))),
        total: totalCount ?? null,
        endCursor: pageInfo.endCursor ?? null,
        hasMore: pageInfo.hasNextPage,
      };
    },
    [client, asked],
  );
}

function useChanges(asked: string, onChange: (change: Change) => void): void {
  const client = useApolloClient();
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  }, [onChange]);
  useEffect(
    () =>
      follow(client, {
        document: GalleryChangesDocument,
        variables: (after) => ({ after, filter: (JSON.parse(asked) as Asked).filter }),
        pick: ({ galleryChanges }) => galleryChanges,
        onEvent: (change) => latest.current(change),
      }),
    [client, asked],
  );
}

function joined(before: Shown | null, page: Shown): Shown {
  const known = new Set(before?.works.map(({ id }) => id));
  const reasons = new Map([...(before?.reasons ?? []), ...page.reasons]);
  return {
    ...page,
    reasons,
    works: [...(before?.works ?? []), ...page.works.filter(({ id }) => !known.has(id))],
  };
}

function withChange(before: Shown, { kind, itemId, item }: Change): Shown {
  const others = before.works.filter(({ id }) => id !== itemId);
  const known = others.length < before.works.length;
  if (kind === 'REMOVED' || !item) return { ...before, works: others };
  if (known) return { ...before, works: before.works.map((work) => (work.id === itemId ? item : work)) };
  const total = before.total === null ? null : before.total + 1;
  return { ...before, works: [item, ...others], total };
}
