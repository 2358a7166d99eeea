import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { isFinished, type Job } from '../domain/job.js';
import type { Item } from '../domain/item.js';
import type { Person } from '../domain/person.js';
import { cancelJob } from '../flow/cancel-job.js';
import { jobEta } from '../flow/job-eta.js';
import { generate } from '../flow/generate.js';
import type { GeneratePicturesPayload } from '../flow/jobs.js';
import { jobOf, requireJobOf } from '../flow/job-of.js';
import { retryJob } from '../flow/retry-job.js';
import { withheldOutputs } from '../flow/render-pictures.js';
import { DomainError } from '../domain/errors.js';
import { GeneratedItem } from './content.types.js';
import type { ApiContext } from './context.js';
import { forwardConnection } from './forward-connection.js';
import { ifGiven, onlyGiven } from './given.js';
import {
  BundlePlan,
  CancelResult,
  GenerateInput,
  GenerateResult,
  GenerationJob,
  GenerationJobConnection,
} from './job.types.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { Viewer } from './person.types.js';
import { IdempotencyKey } from './scalars.js';

const PICTURES = 'generate-pictures';

@Resolver(() => GenerationJob)
export class JobResolver {
  @Authorized('VIEWER')
  @Query(() => GenerationJob, { nullable: true, description: 'One’s own job.' })
  async job(@Arg('id', () => ID) id: string, @Ctx() { ids, ports, viewer }: ApiContext): Promise<Job | null> {
    const job = await jobOf(ports, await viewer(), ids.open('Job', id));
    return job?.name === PICTURES ? job : null;
  }

  @Authorized('VIEWER')
  @Mutation(() => GenerateResult.type, {
    complexity: ({ childComplexity }) => 100 + childComplexity,
    description: 'Asks for pictures made for this person; answers at once with the job.',
  })
  generate(
    @Arg('input', () => GenerateInput) input: GenerateInput,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return GenerateResult.settle(async () =>
      generate(context.ports, await generateArguments(input, context)),
    );
  }

  @Authorized('VIEWER')
  @Mutation(() => CancelResult.type)
  cancelJob(@Arg('id', () => ID) id: string, @Ctx() { ids, ports, viewer }: ApiContext): Promise<object> {
    return CancelResult.settle(async () => cancelJob(ports, await viewer(), ids.open('Job', id)));
  }

  @Authorized('VIEWER')
  @Mutation(() => GenerateResult.type, {
    complexity: ({ childComplexity }) => 100 + childComplexity,
    description: 'The same again as a new job, after a failure, an expiry or a cancellation.',
  })
  retryJob(
    @Arg('id', () => ID) id: string,
    @Arg('idempotencyKey', () => IdempotencyKey) idempotencyKey: string,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<object> {
    return GenerateResult.settle(async () => {
      const job = await requireJobOf(ports, await viewer(), ids.open('Job', id));
      if (job.name !== PICTURES)
        throw new DomainError('INVALID_INPUT', `a picture job was wanted, this one is ${job.name}`, {
          path: ['id'],
        });
      return retryJob(ports, await viewer(), job.id, idempotencyKey);
    });
  }

  @FieldResolver()
  queuePosition(@Root() { id, status }: Job, @Ctx() { ports }: ApiContext): Promise<number> | null {
    return status === 'QUEUED' ? ports.stores.jobs.queuePosition(id) : null;
  }

  @FieldResolver()
  async etaSeconds(@Root() job: Job, @Ctx() { ports }: ApiContext): Promise<number | null> {
    const eta = isFinished(job.status) ? null : await jobEta(ports, job.id);
    return eta === null ? null : Math.round(eta);
  }

  @FieldResolver(() => BundlePlan, { nullable: true, description: 'Null for every kind but BUNDLE.' })
  bundle(@Root() { payload }: Job): object | null {
    return (payload as GeneratePicturesPayload).bundle ?? null; // our own row, checked when it was written
  }

  @FieldResolver()
  async outputs(@Root() { id, result }: Job, @Ctx() { loaders }: ApiContext): Promise<object[]> {
    const works = await loaders.jobWorks.load(id);
    const made = await Promise.all(
      works.map(async ({ index, itemId }) => ({
        index,
        item: await loaders.items.load(itemId),
        withheld: null,
      })),
    );
    const withheld = withheldOutputs(result).map(({ index, ...failure }) => ({
      ...{ index, item: null },
      withheld: { ...failure, provider: null },
    }));
    return [...made, ...withheld].sort((a, b) => a.index - b.index);
  }
}

@Resolver(() => Viewer)
export class ViewerJobsResolver {
  @FieldResolver(() => GenerationJobConnection, { complexity: pageCost(2), description: 'Newest first.' })
  async jobs(
    @Root() person: Person,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() { ids, ports }: ApiContext,
  ): Promise<object> {
    const place = ifGiven(after, (cursor) => ids.open('Job', cursor, ['after']));
    const wish = { name: PICTURES, first: pageSize(first) + 1, ...onlyGiven({ after: place }) } as const;
    const found = await ports.stores.jobs.ofPerson(person.id, wish);
    const edges = found.slice(0, first).map((node) => ({ node, cursor: ids.seal('Job', node.id) }));
    return forwardConnection(edges, { hasNextPage: found.length > first, hasPreviousPage: place !== null });
  }
}

@Resolver(() => GeneratedItem)
export class ItemJobResolver {
  @FieldResolver(() => GenerationJob, {
    nullable: true,
    description: 'The job that made it; only for its author.',
  })
  async job(@Root() { id }: Item, @Ctx() { loaders, ports, viewerOrNull }: ApiContext): Promise<Job | null> {
    const [work, viewer] = await Promise.all([loaders.works.load(id), viewerOrNull()]);
    return work === null || viewer === null ? null : jobOf(ports, viewer, work.jobId);
  }
}

async function generateArguments(input: GenerateInput, { ids, viewer }: ApiContext) {
  const { idempotencyKey, kind, count, personalise, visibility } = input;
  if (visibility === 'HIDDEN')
    throw new DomainError(
      'INVALID_INPUT',
      'visibility: PRIVATE, UNLISTED or PUBLIC was wanted, HIDDEN came',
      {
        path: ['input', 'visibility'],
      },
    );
  return {
    viewer: await viewer(),
    idempotencyKey,
    kind,
    brief: input.brief ?? null,
    basedOn: (input.basedOn ?? []).map((id) => ids.open('Item', id, ['input', 'basedOn'])),
    remixOf: ifGiven(input.remixOf, (id) => ids.open('Item', id, ['input', 'remixOf'])),
    strength: input.strength ?? null,
    reference: (input.reference ?? []).map(({ id, role }) => ({
      id: ids.open('ReferencePicture', id, ['input', 'reference']),
      role,
    })),
    count,
    personalise,
    style: input.style ?? null,
    seed: input.seed ?? null,
    deadlineSeconds: input.deadlineSeconds ?? null,
    visibility,
    catalogueId: ifGiven(input.catalogueId, (id) => ids.open('Catalogue', id, ['input', 'catalogueId'])),
  };
}
