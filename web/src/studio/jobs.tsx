import { useApolloClient } from '@apollo/client/react';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { follow } from '../api/follow.js';
import { newId } from '../api/new-id.js';
import { problemOf } from '../api/problem-of.js';
import {
  CancelJobDocument,
  GenerateDocument,
  JobEventsDocument,
  JobsDocument,
  RetryJobDocument,
  type GenerateInput,
  type JobFieldsFragment,
} from '../generated/graphql.js';
import { isOver, jobView, withEvent, type JobView } from './job-view.js';

export type Wish = Omit<GenerateInput, 'idempotencyKey'>;

interface Jobs {
  readonly jobs: readonly JobView[];
  readonly start: (wish: Wish) => Promise<JobView>;
  readonly cancel: (id: string) => Promise<void>;
  /** The same wish as a new job; the old card goes. */
  readonly retry: (id: string) => Promise<void>;
  readonly dismiss: (id: string) => void;
}

const JobsContext = createContext<Jobs | null>(null);

export function useJobs(): Jobs {
  const jobs = useContext(JobsContext);
  if (!jobs) throw new Error('useJobs was called outside of its provider');
  return jobs;
}

/** Runs that this person started: those of this visit, and those still at work from an earlier one. */
export function JobsProvider({ children }: { readonly children: ReactNode }) {
  const client = useApolloClient();
  const { jobs, watch, dismiss } = useWatchedJobs();

  useEffect(() => {
    void client
      .query({ query: JobsDocument, fetchPolicy: 'network-only' })
      .then(({ data }) => {
        for (const job of data?.viewer.jobs.nodes ?? []) if (!isOver(job)) watch(job);
      })
      .catch(() => undefined); // the gallery shows what they made; nothing is lost by not showing their cards
  }, [client, watch]);

  const start = useCallback(
    async (wish: Wish) => {
      const input: GenerateInput = { ...wish, idempotencyKey: newId() };
      const { data } = await client.mutate({ mutation: GenerateDocument, variables: { input } });
      const result = data?.generate;
      if (result?.__typename !== 'GeneratePayload') throw new Error(problemOf(result) ?? 'It did not start');
      watch(result.job);
      return jobView(result.job);
    },
    [client, watch],
  );

  const cancel = useCallback(
    async (id: string) => {
      const { data } = await client.mutate({ mutation: CancelJobDocument, variables: { id } });
      const problem = problemOf(data?.cancelJob);
      if (problem !== null) throw new Error(problem);
    },
    [client],
  );

  const retry = useCallback(
    async (id: string) => {
      const variables = { id, idempotencyKey: newId() };
      const { data } = await client.mutate({ mutation: RetryJobDocument, variables });
      const result = data?.retryJob;
      if (result?.__typename !== 'GeneratePayload') throw new Error(problemOf(result) ?? 'It did not start');
      watch(result.job);
      dismiss(id);
    },
    [client, watch, dismiss],
  );

  const value = useMemo(
    () => ({ jobs, start, cancel, retry, dismiss }),
    [jobs, start, cancel, retry, dismiss],
  );
  return <JobsContext.Provider value={value}>{children}</JobsContext.Provider>;
}

/** Newest first; each is followed from the first line of its log until its end. */
function useWatchedJobs() {
  const client = useApolloClient();
  const [jobs, setJobs] = useState<readonly JobView[]>([]);
  const stops = useRef(new Map<string, () => void>());

  useEffect(() => {
    const open = stops.current;
    return () => {
      for (const stop of open.values()) stop();
      open.clear();
    };
  }, []);

  const watch = useCallback(
    (job: JobFieldsFragment) => {
      if (stops.current.has(job.id)) return;
      setJobs((all) => [jobView(job), ...all.filter(({ id }) => id !== job.id)]);
      const stop = follow(client, {
        document: JobEventsDocument,
        variables: (after) => ({ jobId: job.id, after }),
        pick: ({ jobEvents }) => jobEvents,
        onEvent: (event) =>
          setJobs((all) => all.map((other) => (other.id === job.id ? withEvent(other, event) : other))),
      });
      stops.current.set(job.id, stop);
    },
    [client],
  );

  const dismiss = useCallback((id: string) => {
    stops.current.get(id)?.();
    stops.current.delete(id);
    setJobs((all) => all.filter((job) => job.id !== id));
  }, []);

  return { jobs, watch, dismiss };
}
