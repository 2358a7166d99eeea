import { useState } from 'react';
import { asSentence, sentenceOf } from '../api/sentence-of.js';
import { Failure } from '../components/failure.js';
import { MadeBadge } from '../components/made-badge.js';
import { Picture } from '../components/picture.js';
import { goTo } from '../shell/route.js';
import { costText } from './cost-text.js';
import { isOver, stageText, type JobView } from './job-view.js';
import { useJobs } from './jobs.js';

/** One run: where it stands, what it looks like so far, and what came of it. */
export function JobCard({ job }: { readonly job: JobView }) {
  const over = isOver(job);
  const cost = costText(job.cost);
  const shown = job.made.at(-1)?.media ?? job.preview;
  return (
    <article className="job" data-job={job.id} data-status={job.status} aria-label="Picture in the making">
      {shown ? <Picture media={shown} sizes="104px" decorative /> : <span className="pane" />}
      <div className="job-info">
        <div className="row">
          <strong>{titleOf(job)}</strong>
          {job.made.length > 0 && <MadeBadge />}
        </div>
        {!over && <ProgressBar job={job} />}
        <p className="job-stage numeric" role="status">
          {stageText(job)}
        </p>
        {cost !== null && <p className="small muted numeric">{cost}</p>}
        {job.failure !== null && <p className="message problem small">{asSentence(job.failure)}</p>}
        {job.made.length > 1 && <Outputs job={job} />}
        <JobButtons job={job} over={over} />
      </div>
    </article>
  );
}

function titleOf({ made, status }: JobView): string {
  if (made.length === 1) return made[0]?.title ?? 'A picture for you';
  if (made.length > 1) return `${String(made.length)} pictures for you`;
  return status === 'RUNNING' || status === 'QUEUED' ? 'Making it' : 'A picture for you';
}

function ProgressBar({ job: { status, progress } }: { readonly job: JobView }) {
  const waiting = status === 'QUEUED';
  return (
    <div
      className={waiting ? 'bar waiting' : 'bar'}
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      {...(waiting ? {} : { 'aria-valuenow': Math.round(progress * 100) })}
    >
      <span style={waiting ? undefined : { scale: `${String(progress)} 1` }} />
    </div>
  );
}

function Outputs({ job: { made } }: { readonly job: JobView }) {
  return (
    <ul className="job-outputs">
      {made.map((item) => (
        <li key={item.id}>
          <button
            type="button"
            onClick={() => goTo({ page: 'gallery', item: item.id })}
            aria-label={`Open ${item.title}`}
          >
            <Picture media={item.media} sizes="80px" decorative />
          </button>
        </li>
      ))}
    </ul>
  );
}

function OpenButton({ id }: { readonly id: string }) {
  return (
    <button type="button" className="button slim primary" onClick={() => goTo({ page: 'gallery', item: id })}>
      Open
    </button>
  );
}

/** What can be asked for once more. */
const FAILURES: readonly JobView['status'][] = ['FAILED', 'EXPIRED', 'CANCELED'];

function JobButtons({ job, over }: { readonly job: JobView; readonly over: boolean }) {
  const { cancel, retry, dismiss } = useJobs();
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ask = (action: (id: string) => Promise<void>) => {
    setAsked(true);
    setError(null);
    action(job.id).catch((reason: unknown) => {
      setAsked(false);
      setError(new Error(sentenceOf(reason)));
    });
  };
  return (
    <>
      <div className="row">
        {job.made[0] && <OpenButton id={job.made[0].id} />}
        {FAILURES.includes(job.status) && <SlimButton name="Try again" onPress={() => ask(retry)} />}
        {over && <SlimButton name="Clear" onPress={() => dismiss(job.id)} />}
        {!over && (
          <SlimButton name={asked ? 'Cancelling' : 'Cancel'} disabled={asked} onPress={() => ask(cancel)} />
        )}
      </div>
      {error !== null && <Failure error={error} />}
    </>
  );
}

interface SlimButtonProps {
  readonly name: string;
  readonly disabled?: boolean;
  readonly onPress: () => void;
}

function SlimButton({ name, disabled = false, onPress }: SlimButtonProps) {
  return (
    <button type="button" className="button slim" disabled={disabled} onClick={onPress}>
      {name}
    </button>
  );
}
