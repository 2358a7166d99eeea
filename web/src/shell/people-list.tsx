import { useQuery } from '@apollo/client/react';
import { useSession } from '../api/session.js';
import { Avatar } from '../components/avatar.js';
import { DemoPeopleDocument } from '../generated/graphql.js';

interface PeopleListProps {
  readonly kind: 'list' | 'strip';
  readonly most?: number;
  readonly onChosen?: () => void;
}

/** The simulated people whom one may look through. */
export function PeopleList({ kind, most, onChosen }: PeopleListProps) {
  const { data } = useQuery(DemoPeopleDocument);
  const { person, choose } = useSession();
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
