import { useApolloClient, useQuery } from '@apollo/client/react';
import { newId } from '../api/new-id.js';
import { problemOf } from '../api/problem-of.js';
import {
  DeleteReferencePictureDocument,
  ReferencePicturesDocument,
  type ReferencePicturesQuery,
} from '../generated/graphql.js';
import { uploadReference, type Upload } from './upload-reference.js';

export type Reference = ReferencePicturesQuery['viewer']['referencePictures'][number];

/** Pictures that the person gave to be drawn from, whose bytes are there; newest first. */
export function useReferences() {
  const client = useApolloClient();
  const { data, refetch } = useQuery(ReferencePicturesDocument);
  const all = (data?.viewer.referencePictures ?? []).filter(({ storedAt }) => storedAt);
  return {
    all,
    upload: async (wish: Upload) => {
      const id = await uploadReference(client, wish);
      await refetch();
      return id;
    },
    remove: async (id: string) => {
      const variables = { id, idempotencyKey: newId() };
      const { data: gone } = await client.mutate({ mutation: DeleteReferencePictureDocument, variables });
      const problem = problemOf(gone?.deleteReferencePicture);
      if (problem !== null) throw new Error(problem);
      await refetch();
    },
  };
}
