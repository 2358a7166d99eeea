import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { shortDate } from '../components/short-date.js';
import { RankerStateDocument, type RankerStateQuery } from '../generated/graphql.js';

/** Often enough to see the training move, rarely enough to cost nothing. */
const TRAINING_POLL_MS = 3_000;

/** Who answers right now: the live ranker, or the baseline while the ranker trains. */
export function StatusPill() {
  const { data, startPolling, stopPolling } = useQuery(RankerStateDocument);
  const settled = data !== undefined && data.training === null && data.models.length > 0;
  useEffect(() => {
    if (settled) stopPolling();
    else startPolling(TRAINING_POLL_MS);
    return stopPolling;
  }, [settled, startPolling, stopPolling]);
  if (!data) return null;
  const text = textOf(data);
  const version = data.models[0]?.version;
  return (
    <span
      className={data.models.length > 0 ? 'pill' : 'pill waiting'}
      role="status"
      title={version ? `${text}, version ${version}` : text}
    >
      <span className="dot" />
      <span className="long numeric">{text}</span>
      <span className="short numeric" aria-hidden="true">
        {shortOf(data)}
      </span>
    </span>
  );
}

/** The same for a phone. */
function shortOf({ models: [live], training }: RankerStateQuery): string {
  if (live) return 'Trained ranker';
  return training ? `Training ${String(Math.round(training.progress * 100))} %` : 'Baseline';
}

function textOf({ models: [live], training }: RankerStateQuery): string {
  if (live) return `Ranked by ${live.family}, trained ${shortDate(live.trainedAt)}`;
  if (!training) return 'The baseline answers: no trained ranker yet';
  if (training.status === 'QUEUED') return 'The baseline answers; the ranker is about to train';
  return `The baseline answers while the ranker trains: ${String(Math.round(training.progress * 100))} %`;
}
