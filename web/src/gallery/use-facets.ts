import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { GalleryFacetsDocument } from '../generated/graphql.js';
import { FACETS, filterOf, type FacetName, type GalleryWish } from './gallery-wish.js';

export type FacetValues = Readonly<
  Partial<Record<FacetName, readonly { readonly value: string; readonly count: number }[]>>
>;

/** What there is to choose from, with counts; what was chosen does not narrow it, so that a second value can be added. */
export function useFacets(wish: GalleryWish): FacetValues | null {
  const client = useApolloClient();
  const [values, setValues] = useState<FacetValues | null>(null);
  const asked = JSON.stringify(filterOf({ ...wish, similarTo: null, groupVariants: false, chosen: {} }));
  useEffect(() => {
    let isLatest = true;
    const fields = Object.keys(FACETS) as FacetName[];
    const variables = { filter: JSON.parse(asked) as object, fields };
    client
      .query({ query: GalleryFacetsDocument, variables, fetchPolicy: 'no-cache' })
      .then(({ data }) => {
        const counts = data?.gallery.facets?.counts ?? [];
        const of = (name: FacetName) => counts.filter(({ field }) => field === name);
        if (isLatest) setValues(Object.fromEntries(fields.map((name) => [name, of(name)])));
      })
      .catch(() => {
        if (isLatest) setValues({}); // the gallery below says what is wrong
      });
    return () => {
      isLatest = false;
    };
  }, [asked, client]);
  return values;
}
