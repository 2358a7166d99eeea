import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { Failure } from '../components/failure.js';
import { CardSkeletons } from '../feed/card-skeletons.js';
import { ViewerDocument } from '../generated/graphql.js';

/** Asks one thing first: the reply carries the guest's cookie, without which every further request would be a new guest. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, error, refetch } = useQuery(ViewerDocument);
  if (data) return children;
  return (
    <main className="page">
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : <CardSkeletons count={18} />}
    </main>
  );
}
