import { useApolloClient } from '@apollo/client/react';
import { createContext, useCallback, useContext, useMemo, useState, type ReactNode } from 'react';
import { problemOf } from '../api/problem-of.js';
import { SetFavouriteDocument } from '../generated/graphql.js';

interface Favourable {
  readonly id: string;
  readonly viewerHasFavourited: boolean;
}

interface Favourites {
  readonly isOn: (item: Favourable) => boolean;
  /** Turns it round at once, and back again when the server refuses. */
  readonly toggle: (item: Favourable) => Promise<boolean>;
}

const FavouritesContext = createContext<Favourites | null>(null);

export function useFavourites(): Favourites {
  const favourites = useContext(FavouritesContext);
  if (!favourites) throw new Error('useFavourites was called outside of its provider');
  return favourites;
}

/** What this person turned on or off in this visit; the same heart shows the same state on every page. */
export function FavouritesProvider({ children }: { readonly children: ReactNode }) {
  const client = useApolloClient();
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const put = useCallback((id: string, on: boolean) => setChanged((map) => new Map(map).set(id, on)), []);
  const isOn = useCallback((item: Favourable) => changed.get(item.id) ?? item.viewerHasFavourited, [changed]);
  const toggle = useCallback(
    async (item: Favourable) => {
      const on = !isOn(item);
      put(item.id, on);
      try {
        const { data } = await client.mutate({
          mutation: SetFavouriteDocument,
          variables: { itemId: item.id, on },
        });
        const problem = problemOf(data?.setFavourite);
        if (problem !== null) throw new Error(problem);
        return on;
      } catch (error) {
        put(item.id, !on);
        throw error;
      }
    },
    [client, isOn, put],
  );
  const value = useMemo(() => ({ isOn, toggle }), [isOn, toggle]);
  return <FavouritesContext.Provider value={value}>{children}</FavouritesContext.Provider>;
}
