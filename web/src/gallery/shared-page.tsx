import { useQuery } from '@apollo/client/react';
import { Blank } from '../components/blank.js';
import { Failure } from '../components/failure.js';
import { shortDate } from '../components/short-date.js';
import { CardSkeletons } from '../feed/card-skeletons.js';
import { SharedCollectionDocument } from '../generated/graphql.js';
import { WorkCard } from './work-card.js';

/** A collection as somebody else shared it. */
export function SharedPage({ token }: { readonly token: string }) {
  const { data, error, loading, refetch } = useQuery(SharedCollectionDocument, {
    variables: { token, first: 100 },
    fetchPolicy: 'network-only',
  });
  const shared = data?.sharedCollection;
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!shared && loading) return <CardSkeletons count={10} />;
  if (!shared) {
    return (
      <Blank icon="search" title="This link opens nothing any more">
        <p className="muted">It ended, or whoever made it took it back.</p>
      </Blank>
    );
  }
  return (
    <div className="gallery">
      <div className="page-head">
        <div>
          <h1>{shared.name}</h1>
          <p>
            Shared by {shared.ownerName}, open until {shortDate(shared.expiresAt)}.
          </p>
        </div>
      </div>
      <div className="grid">
        {shared.items.edges.map(({ node }) => (
          <WorkCard key={node.id} work={node} fresh={false} />
        ))}
      </div>
    </div>
  );
}
