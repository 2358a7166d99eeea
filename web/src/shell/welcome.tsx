import { useSession } from '../api/session.js';
import { PeopleList } from './people-list.js';

/** As many as fit on one screen with the first cards below. */
const SHOWN = 6;

/** First visit: whose window shall it be? */
export function Welcome() {
  const { person } = useSession();
  if (person !== null) return null;
  return (
    <section className="welcome" aria-label="Choose a person">
      <h2>Whose window shall it be?</h2>
      <PeopleList kind="strip" most={SHOWN} />
    </section>
  );
}
