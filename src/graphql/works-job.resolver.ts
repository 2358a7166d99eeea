import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import type { ItemId } from '../domain/ids.js';
import type { Job } from '../domain/job.js';
import { jobOf } from '../flow/job-of.js';
import { restoreWorks } from '../flow/restore-works.js';
import { startWorksJob, type WorksJob } from '../flow/start-works-job.js';
import { soundTags } from '../flow/tag-works.js';
import { BulkJob, BulkResult } from './bulk.types.js';
import { Content } from './content.types.js';
import type { ApiContext } from './context.js';
import { WorksActionEnum, type WorksAction } from './enums.js';
import { galleryFilter } from './gallery-filter.js';
import { GalleryFilter } from './gallery.types.js';
import { ifGiven } from './given.js';
import { IdempotencyKey, Url } from './scalars.js';
import { Conflict, InvalidInput, resultUnion } from './user-error.types.js';

const JOB_OF = {
  TAG: 'tag-works',
  DELETE: 'delete-works',
  EXPORT: 'export-works',
} as const satisfies Record<WorksAction, WorksJob>;
/** How long the address of an archive works. */
const DOWNLOAD_MS = 24 * 3_600_000;

@InputType()
class WorksJobInput {
  @Field(() => IdempotencyKey)
  idempotencyKey!: string;
  @Field(() => WorksActionEnum)
  action!: WorksAction;
  @Field(() => [ID], { nullable: true, description: 'These works, at most 5,000; or else a filter.' })
  itemIds?: string[] | null;
  @Field(() => GalleryFilter, { nullable: true, description: 'All that match when the job begins.' })
  filter?: GalleryFilter | null;
  @Field(() => [String], { defaultValue: [], description: 'TAG: labels to add.' })
  addTags!: string[];
  @Field(() => [String], { defaultValue: [], description: 'TAG: labels to take away.' })
  removeTags!: string[];
}

@ObjectType()
class RestorePayload {
  @Field(() => [Content], { description: 'What came back; works already gone are left out.' })
  items!: Content[];
}
const RestoreResult = resultUnion('RestoreResult', RestorePayload, [InvalidInput, Conflict]);

@Resolver(() => BulkJob)
export class WorksJobResolver {
  @Authorized('VIEWER')
  @Mutation(() => BulkResult.type, {
    complexity: ({ childComplexity }) => 50 + childComplexity,
    description:
      'Labels or deletes works of one’s own, or exports what one may see as a ZIP with a line of provenance for each. A deletion can be taken back for a day.',
  })
  startWorksJob(@Arg('input', () => WorksJobInput) input: WorksJobInput, @Ctx() context: ApiContext) {
    return BulkResult.settle(async () => {
      const { ids, ports } = context;
      const viewer = await context.viewer();
      const itemIds = ifGiven(input.itemIds, (list) =>
        list.map((id) => ids.open('Item', id, ['input', 'itemIds'])),
      );
      const filter = input.filter ? { ...(await galleryFilter(input.filter, context)) } : null;
      const tags = soundTags({ add: input.addTags, remove: input.removeTags });
      const payload = { personId: viewer.id, itemIds, filter, ...tags };
      return startWorksJob(
        ports,
        { viewer, idempotencyKey: input.idempotencyKey },
        JOB_OF[input.action],
        payload,
      );
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => RestoreResult.type, { description: 'Takes a deletion back, for a day. Safe to repeat.' })
  restoreWorks(
    @Arg('itemIds', () => [ID]) itemIds: string[],
    @Ctx() { ids, loaders, ports, viewer }: ApiContext,
  ) {
    return RestoreResult.settle(async () => {
      const opened: ItemId[] = itemIds.map((id) => ids.open('Item', id, ['itemIds']));
      const back = await restoreWorks(ports, await viewer(), opened);
      return { items: await loaders.items.loadMany(back) };
    });
  }

  @Authorized('VIEWER')
  @Query(() => BulkJob, { nullable: true, description: 'A job of one’s own on many works.' })
  async worksJob(
    @Arg('id', () => ID) id: string,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<Job | null> {
    const job = await jobOf(ports, await viewer(), ids.open('Job', id));
    return job !== null && Object.values<string>(JOB_OF).includes(job.name) ? job : null;
  }

  @FieldResolver(() => Url, {
    nullable: true,
    description: 'EXPORT_WORKS: the archive, once it is there; for a day.',
  })
  async downloadUrl(
    @Root() job: Job,
    @Ctx() { ids, ports, viewerOrNull }: ApiContext,
  ): Promise<string | null> {
    const archive = job.result?.['archive'];
    if (typeof archive !== 'string' || job.personId !== (await viewerOrNull())?.id) return null;
    const until = ports.clock.now().getTime() + DOWNLOAD_MS;
    return `/downloads/${ids.seal('Download', `${archive}|${until}`)}`;
  }
}
