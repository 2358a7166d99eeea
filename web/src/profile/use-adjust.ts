import { useMutation } from '@apollo/client/react';
import { useCallback } from 'react';
import { problemOf } from '../api/problem-of.js';
import { sentenceOf } from '../api/sentence-of.js';
import { AdjustProfileDocument, type FacetInput } from '../generated/graphql.js';
import { useNotice } from '../shell/notices.js';

export type Adjust = (change: FacetInput) => Promise<boolean>;

/** Sends one change of the profile and tells how it went. */
export function useAdjust(onChanged: () => void): Adjust {
  const [adjust] = useMutation(AdjustProfileDocument);
  const notice = useNotice();
  return useCallback(
    async (change) => {
      try {
        const { data } = await adjust({ variables: { input: [change] } });
        const problem = problemOf(data?.adjustProfile);
        notice({ text: problem ?? 'Saved. Your feed follows from the next answer on.' });
        onChanged();
        return problem === null;
      } catch (error) {
        notice({ text: sentenceOf(error) });
        return false;
      }
    },
    [adjust, notice, onChanged],
  );
}
