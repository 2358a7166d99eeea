import { firstUp } from '../components/first-up.js';
import type {
  CardContentFragment,
  JobEventsSubscription,
  JobFieldsFragment,
  MediaFieldsFragment,
} from '../generated/graphql.js';

type Event = JobEventsSubscription['jobEvents'];

/** A job as its card shows it: what the server said last, and the newest preview. */
export interface JobView {
  readonly id: string;
  readonly status: JobFieldsFragment['status'];
  readonly progress: number;
  readonly stage: string;
  readonly queuePosition: number | null;
  readonly etaSeconds: number | null;
  readonly preview: MediaFieldsFragment | null;
  readonly made: readonly CardContentFragment[];
  readonly failure: string | null;
  readonly cost: JobFieldsFragment['cost'];
}

export function jobView(job: JobFieldsFragment, preview: MediaFieldsFragment | null = null): JobView {
  return {
    id: job.id,
    status: job.status,
    progress: job.progress,
    stage: job.stage,
    queuePosition: job.queuePosition ?? null,
    etaSeconds: job.etaSeconds ?? null,
    preview,
    made: job.outputs.flatMap(({ item }) => (item ? [item] : [])),
    failure: job.failure?.message ?? null,
    cost: job.cost,
  };
}

export function isOver({ status }: Pick<JobView, 'status'>): boolean {
  return status !== 'QUEUED' && status !== 'RUNNING';
}

/** One line of the job's log, read into the view. Lines come in order and once. */
export function withEvent(job: JobView, event: Event): JobView {
  switch (event.__typename) {
    case 'JobQueued':
      return { ...job, queuePosition: event.queuePosition, etaSeconds: event.etaSeconds ?? null };
    case 'JobStarted':
      return { ...job, status: 'RUNNING', queuePosition: null };
    case 'JobProgressed':
      return {
        ...job,
        status: 'RUNNING',
        progress: Math.max(job.progress, event.progress),
        stage: event.stage,
        preview: event.preview ?? job.preview,
      };
    case 'JobOutputReady': {
      const { item } = event.output;
      if (!item || job.made.some(({ id }) => id === item.id)) return job;
      return { ...job, made: [...job.made, item] };
    }
    case 'JobFinished':
      return jobView(event.job, job.preview);
  }
}

/** What the job is doing, in a person's words. */
export function stageText(job: JobView): string {
  switch (job.status) {
    case 'QUEUED':
      return queueText(job);
    case 'RUNNING':
      return job.stage === '' ? 'Starting' : firstUp(job.stage);
    case 'SUCCEEDED':
      return job.made.length > 1
        ? `${String(job.made.length)} pictures are in your gallery`
        : 'It is in your gallery';
    case 'PARTIALLY_SUCCEEDED':
      return `${String(job.made.length)} came out; the others did not`;
    case 'FAILED':
      return 'This did not work out';
    case 'CANCELED':
      return 'Cancelled. Nothing was kept back from you.';
    case 'EXPIRED':
      return 'It took longer than allowed, so it was stopped';
  }
}

function queueText({ queuePosition, etaSeconds }: JobView): string {
  const place = !queuePosition ? 'Next in the queue' : `${String(queuePosition)} before you in the queue`;
  return etaSeconds === null ? place : `${place}, about ${String(Math.max(1, Math.round(etaSeconds)))} s`;
}
