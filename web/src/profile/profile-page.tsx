import { useQuery } from '@apollo/client/react';
import { Failure } from '../components/failure.js';
import { MainParametersDocument, ProfileDocument, type ProfileFieldsFragment } from '../generated/graphql.js';
import { WebhooksPanel } from '../webhooks/webhooks-panel.js';
import { AddFacet } from './add-facet.js';
import { ConsentPanel } from './consent-panel.js';
import { FacetRow } from './facet-row.js';
import { GivenPictures } from './given-pictures.js';
import { useAdjust, type Adjust } from './use-adjust.js';

/** "What Vitrine believes about you": every line can be changed, pinned or removed by the person. */
export function ProfilePage() {
  const { data, error, refetch } = useQuery(ProfileDocument, { fetchPolicy: 'cache-and-network' });
  const adjust = useAdjust(() => void refetch());
  return (
    <>
      <div className="page-head">
        <div>
          <h1>What Vitrine believes about you</h1>
          <p>{data?.viewer.profile.summary ?? 'Reading your profile.'}</p>
        </div>
      </div>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && (
        <div className="main-and-side">
          <Tastes profile={data.viewer.profile} adjust={adjust} />
          <div>
            <ConsentPanel consent={data.viewer.consent} onChanged={() => void refetch()} />
            <GivenPictures />
            <MainParameters />
            <WebhooksPanel />
          </div>
        </div>
      )}
    </>
  );
}

function Tastes({ profile, adjust }: { readonly profile: ProfileFieldsFragment; readonly adjust: Adjust }) {
  const facets = [...profile.facets].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return (
    <section className="panel">
      <h2>Your tastes</h2>
      {facets.length === 0 && (
        <p className="muted">Nothing yet. Use the page for a while, or say below what you like.</p>
      )}
      <ul>
        {facets.map((facet) => (
          <FacetRow key={facet.id} facet={facet} adjust={adjust} />
        ))}
      </ul>
      <AddFacet adjust={adjust} />
    </section>
  );
}

/** What decides about the feed, in plain words (DSA, art. 27). */
function MainParameters() {
  const { data } = useQuery(MainParametersDocument);
  if (!data) return null;
  return (
    <section className="panel">
      <h2>How your feed is made</h2>
      <div className="prose small">{data.mainParameters}</div>
    </section>
  );
}
