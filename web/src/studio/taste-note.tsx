import { useQuery } from '@apollo/client/react';
import { ProfileDocument } from '../generated/graphql.js';

/** As many as help to see what the picture will lean to. */
const SHOWN = 6;

/** Says beforehand which tastes may go into the picture. */
export function TasteNote() {
  const { data } = useQuery(ProfileDocument, { fetchPolicy: 'cache-and-network' });
  if (!data) return null;
  const { profile } = data.viewer;
  if (!profile.profilingEnabled) {
    return <p className="small muted">Profiling is off, so no tastes are used.</p>;
  }
  const liked = profile.facets
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, SHOWN);
  if (liked.length === 0) {
    return (
      <p className="small muted">
        Your profile names no tastes yet. Only the look of your last choices may be used.
      </p>
    );
  }
  return (
    <div>
      <p className="small muted" id="taste-note">
        Your strongest tastes and the look of your last choices may be used:
      </p>
      <ul className="facet-note" aria-labelledby="taste-note" style={{ marginTop: 6 }}>
        {liked.map(({ id, label }) => (
          <li className="chip accent" key={id}>
            {label}
          </li>
        ))}
      </ul>
    </div>
  );
}
