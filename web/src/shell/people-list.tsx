import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { useSession } from '../api/session.js';
import { Avatar } from '../components/avatar.js';
import { DemoPeopleDocument } from '../generated/graphql.js';

/** On a first start they are still being made when the page opens. */
const ARRIVAL_POLL_MS = 3_000;

interface PeopleListProps {
  readonly kind: 'list' | 'strip';
  readonly most?: number;
  readonly onChosen?: () => void;
}

/** The simulated people whom one may look through. */
export function PeopleList({ kind, most, onChosen }: PeopleListProps) {
  const { data, startPolling, stopPolling } = useQuery(DemoPeopleDocument);
  const nobody = data?.demoPeople.length === 0;
  useEffect(() => {
    if (nobody) startPolling(ARRIVAL_POLL_MS);
    return stopPolling;
  }, [nobody, startPolling, stopPolling]);
  const { person, choose } = useSession();
  if (nobody) return <p className="muted">The demo people are just arriving.</p>;
  return (
    <ul className={`people ${kind}`}>
      {data?.demoPeople.slice(0, most).map(({ externalId, displayName, about }) => (
        <li key={externalId}>
          <button
            type="button"
            className="person-row"
            aria-pressed={externalId === person}
            data-person={externalId}
            onClick={() => {
              onChosen?.();
              choose(externalId);
            }}
          >
            <Avatar name={displayName} />
            <span>
              <strong>{displayName}</strong>
              {about && <small>{about}</small>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
