import { Arg, Authorized, Ctx, FieldResolver, ID, Resolver, Root, Subscription } from 'type-graphql';
import { DomainError } from '../domain/errors.js';
import type { Job, JobEvent as StoredEvent } from '../domain/job.js';
import { followJob } from '../flow/follow-job.js';
import { jobOf } from '../flow/job-of.js';
import { abortable } from './abortable.js';
import type { ApiContext } from './context.js';
import { JobEvent, JobFinished, JobOutputReady, JobProgressed } from './job.types.js';
import { ifGiven } from './given.js';
import { mediaView } from './media-view.js';
import { Cursor } from './scalars.js';

type EventOf<K extends StoredEvent['kind']> = Extract<StoredEvent, { kind: K }>;

@Resolver(() => JobEvent)
export class JobEventsResolver {
  @Authorized('VIEWER')
  @Subscription(() => JobEvent, {
    description: 'Replays everything after the cursor, then follows live; ends with JobFinished.',
    subscribe: async ({ args, context }) =>
      followOwnJob(args as { jobId: string; after?: string | null }, context as ApiContext),
  })
  jobEvents(
    @Arg('jobId', () => ID) _jobId: string,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() event: StoredEvent,
  ): StoredEvent {
    return event;
  }

  @FieldResolver()
  jobId(@Root() { jobId }: StoredEvent, @Ctx() { ids }: ApiContext): string {
    return ids.seal('Job', jobId);
  }

  @FieldResolver()
  cursor(@Root() { jobId, seq }: StoredEvent, @Ctx() { ids }: ApiContext): string {
    return ids.seal('JobCursor', `${jobId}|${seq}`);
  }
}

@Resolver(() => JobProgressed)
export class JobProgressedResolver {
  @FieldResolver()
  async preview(
    @Root() { previewHash }: EventOf<'PROGRESSED'>,
    @Ctx() context: ApiContext,
  ): Promise<object | null> {
    const stored = previewHash === null ? null : await context.loaders.media.load(previewHash);
    return stored && mediaView(stored, 'CARD', context);
  }
}

@Resolver(() => JobOutputReady)
export class JobOutputReadyResolver {
  @FieldResolver()
  async output(
    @Root() { index, itemId }: EventOf<'OUTPUT_READY'>,
    @Ctx() { loaders }: ApiContext,
  ): Promise<object> {
    return { index, item: await loaders.items.load(itemId), withheld: null };
  }
}

@Resolver(() => JobFinished)
export class JobFinishedResolver {
  @FieldResolver()
  async job(@Root() { jobId }: EventOf<'FINISHED'>, @Ctx() { ports, viewer }: ApiContext): Promise<Job> {
    const job = await jobOf(ports, await viewer(), jobId);
    if (job === null) throw new DomainError('NOT_FOUND', 'the job is gone');
    return job;
  }
}

async function followOwnJob(
  args: { jobId: string; after?: string | null },
  { ids, ports, viewer }: ApiContext,
): Promise<AsyncIterableIterator<StoredEvent>> {
  const jobId = ids.open('Job', args.jobId, ['jobId']);
  const job = await jobOf(ports, await viewer(), jobId);
  if (job === null) throw new DomainError('NOT_FOUND', 'no job of yours has this id', { path: ['jobId'] });
  const cursor = ifGiven(args.after, (after) => ids.open('JobCursor', after, ['after'])) ?? `${jobId}|0`;
  const [ofJob = '', seq = '0'] = cursor.split('|');
  if (ofJob !== jobId)
    throw new DomainError('INVALID_INPUT', 'after: a cursor of this job was wanted, one of another came', {
      path: ['after'],
    });
  return abortable((signal) => followJob(ports, jobId, BigInt(seq), signal));
}
