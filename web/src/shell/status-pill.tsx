import { useQuery } from '@apollo/client/react';
import { RankerStateDocument } from '../generated/graphql.js';

/** Often enough to see the training move, rarely enough to cost nothing. */
const POLL_MS = 3_000;

/** Who answers right now: the live ranker, or the baseline while the ranker trains. */
export function StatusPill() {
  const { data, stopPolling } = useQuery(RankerStateDocument, { pollInterval: POLL_MS });
  const live = data?.models[0];
  if (live) stopPolling();
  if (!data) return null;
  const text = live ? `${live.family} ${live.version}` : 'Baseline answers while the ranker trains';
  return (
    <span className={live ? 'pill' : 'pill waiting'} role="status" title={text}>
      <span className="dot" />
      <span>{text}</span>
    </span>
  );
}
