import type { ApolloClient } from '@apollo/client';
import { newId } from '../api/new-id.js';
import { problemOf } from '../api/problem-of.js';
import {
  StartWorksJobDocument,
  WorksJobDocument,
  type WorksJobInput,
  type WorksJobQuery,
} from '../generated/graphql.js';

type WorksJob = NonNullable<WorksJobQuery['worksJob']>;
type Wish = Pick<WorksJobInput, 'action'> & { readonly itemIds: readonly string[]; readonly label?: string };
type Client = Pick<ApolloClient, 'mutate' | 'query'>;

const AT_WORK: ReadonlySet<WorksJob['status']> = new Set(['QUEUED', 'RUNNING']);
const DONE: ReadonlySet<WorksJob['status']> = new Set(['SUCCEEDED', 'PARTIALLY_SUCCEEDED']);
const PAUSE_MS = 700;
/** 500 originals are packed in well under five minutes. */
const MOST_LOOKS = 430;

/** Starts a job on these works and looks at it until it has ended; throws what went wrong as a sentence. */
export async function runWorksJob(
  client: Client,
  wish: Wish,
  pause: (ms: number) => Promise<void> = sleep,
): Promise<WorksJob> {
  const id = await start(client, wish);
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const ended = await endOf(client, id);
    if (ended !== null) return ended;
    await pause(PAUSE_MS);
  }
  throw new Error('It takes longer than expected; it goes on without this page');
}

async function start(client: Client, { action, itemIds, label }: Wish): Promise<string> {
  const addTags = label === undefined ? [] : [label];
  const input = { action, itemIds: [...itemIds], addTags, removeTags: [], idempotencyKey: newId() };
  const { data } = await client.mutate({ mutation: StartWorksJobDocument, variables: { input } });
  const started = data?.startWorksJob;
  if (started?.__typename === 'BulkPayload') return started.job.id;
  throw new Error(problemOf(started) ?? 'It did not start');
}

/** Null while it is at work. */
async function endOf(client: Client, id: string): Promise<WorksJob | null> {
  const { data } = await client.query({
    query: WorksJobDocument,
    variables: { id },
    fetchPolicy: 'no-cache',
  });
  const job = data?.worksJob;
  if (!job) throw new Error('The job is no longer there');
  if (AT_WORK.has(job.status)) return null;
  if (DONE.has(job.status)) return job;
  throw new Error(job.failure?.message ?? 'It did not work out');
}

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
