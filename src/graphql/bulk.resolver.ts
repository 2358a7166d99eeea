import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { DomainError } from '../domain/errors.js';
import type { CatalogueId, ModelVersionId } from '../domain/ids.js';
import { isFinished, type Job } from '../domain/job.js';
import type { Person } from '../domain/person.js';
import { parseRecipe } from '../domain/ranking/recipe.js';
import { jobOf } from '../flow/job-of.js';
import type { JobName } from '../flow/jobs.js';
import type { ImportRejection } from '../flow/ports/import-store.js';
import { startImport, startPictureTraining, startRefresh, startTraining } from '../flow/start-bulk.js';
import { BulkInput, BulkJob, BulkResult, RowRejection } from './bulk.types.js';
import type { ApiContext } from './context.js';
import type { BulkKind } from './enums.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';

const KIND_OF_JOB: Readonly<Partial<Record<JobName, BulkKind>>> = {
  'import-catalogue': 'IMPORT',
  'train-ranker': 'TRAIN_MODEL',
  'evaluate-ranker': 'EVALUATE_MODEL',
  'refresh-codes': 'REFRESH_CODES',
  'tag-works': 'TAG_WORKS',
  'delete-works': 'DELETE_WORKS',
  'export-works': 'EXPORT_WORKS',
  'train-pictures': 'TRAIN_PICTURES',
};
/** Wall-clock limit of a training that was asked for here, in seconds: the demo world needs 120. */
const TRAINING_SECONDS = 900;

@Resolver(() => BulkJob)
export class BulkResolver {
  @Authorized('OPERATOR')
  @Query(() => BulkJob, { nullable: true })
  async bulkJob(
    @Arg('id', () => ID) id: string,
    @Ctx() { ids, ports, viewer }: ApiContext,
  ): Promise<Job | null> {
    const job = await jobOf(ports, await viewer(), ids.open('Job', id));
    return job !== null && kindOf(job) !== undefined ? job : null;
  }

  @Authorized('VIEWER')
  @Query(() => BulkJob, {
    nullable: true,
    description:
      'The training of a ranker that waits or runs now: why a simpler one may answer. Null when none does.',
  })
  async training(@Ctx() { ports }: ApiContext): Promise<Job | null> {
    const latest = await ports.stores.jobs.latest('train-ranker');
    return latest !== null && !isFinished(latest.status) ? latest : null;
  }

  @Authorized('OPERATOR')
  @Mutation(() => BulkResult.type, { complexity: ({ childComplexity }) => 100 + childComplexity })
  startBulk(@Arg('input', () => BulkInput) input: BulkInput, @Ctx() context: ApiContext): Promise<object> {
    return BulkResult.settle(async () => {
      const operator = await context.viewer();
      if (input.kind === 'IMPORT') return importing(input, operator, context);
      if (input.kind === 'REFRESH_CODES') return refreshing(input, operator, context);
      if (input.kind === 'TRAIN_PICTURES') return trainingPictures(input, operator, context);
      if (input.kind !== 'TRAIN_MODEL' && input.kind !== 'EVALUATE_MODEL') throw notHere(input.kind);
      return training(input, operator, context);
    });
  }

  @FieldResolver()
  kind(@Root() job: Job): BulkKind {
    const kind = kindOf(job);
    if (kind === undefined) throw new Error(`${job.name} is no bulk job`);
    return kind;
  }

  @FieldResolver(() => [RowRejection], {
    complexity: pageCost(2),
    description: 'The first rows that an import could not use, once it has ended.',
  })
  async rejections(
    @Root() job: Job,
    @Arg('first', () => Int, { defaultValue: 100 }) first: number,
    @Ctx() { ports }: ApiContext,
  ): Promise<ImportRejection[]> {
    const run = idIn(job, 'importId');
    return run === null ? [] : ports.stores.imports.rejections(run, pageSize(first));
  }

  @FieldResolver()
  async catalogue(@Root() job: Job, @Ctx() { loaders }: ApiContext): Promise<object | null> {
    const id = idIn(job, 'catalogueId');
    return id === null ? null : loaders.catalogues.load(id as CatalogueId);
  }

  @FieldResolver()
  async model(@Root() job: Job, @Ctx() { loaders }: ApiContext): Promise<object | null> {
    const id = idIn(job, 'modelVersionId');
    return id === null ? null : loaders.models.load(id as ModelVersionId);
  }

  @FieldResolver()
  pictureModel(@Root() job: Job): string | null {
    return idIn(job, 'pictureModel');
  }

  @FieldResolver()
  rowsRead(@Root() { result }: Job): number {
    return rows(result, 'rowsRead');
  }

  @FieldResolver()
  rowsAccepted(@Root() { result }: Job): number {
    return rows(result, 'rowsAccepted');
  }

  @FieldResolver()
  rowsRejected(@Root() { result }: Job): number {
    return rows(result, 'rowsRejected');
  }
}

function idIn({ result }: Job, key: string): string | null {
  const id = result?.[key];
  return typeof id === 'string' ? id : null;
}

const notHere = (kind: BulkKind) =>
  new DomainError('INVALID_INPUT', `kind: ${kind} is started by startWorksJob, for works of one’s own`, {
    path: ['input', 'kind'],
  });

const kindOf = ({ name }: Job): BulkKind | undefined => KIND_OF_JOB[name as JobName];
const rows = (result: Job['result'], key: string): number => {
  const count = result?.[key];
  return typeof count === 'number' ? count : 0;
};

function wanted(
  field: 'format' | 'path' | 'catalogueId' | 'trainer' | 'destination',
  value: string | null | undefined,
): string {
  if (value?.trim()) return value;
  throw new DomainError('INVALID_INPUT', `${field}: a value was wanted, none came`, {
    path: ['input', field],
  });
}

function importing({ idempotencyKey, format, path }: BulkInput, operator: Person, { ports }: ApiContext) {
  return startImport(ports, {
    operator,
    idempotencyKey,
    format: wanted('format', format),
    path: wanted('path', path),
  });
}

function trainingPictures(input: BulkInput, operator: Person, { ports }: ApiContext) {
  return startPictureTraining(ports, {
    ...{ operator, idempotencyKey: input.idempotencyKey },
    trainer: wanted('trainer', input.trainer),
    destination: wanted('destination', input.destination),
    input: input.trainingInput ?? {},
  });
}

/** Wall-clock limit of fitting a decoder to refreshed codes, in seconds. */
const REFRESH_SECONDS = 300;

function refreshing({ idempotencyKey, ...input }: BulkInput, operator: Person, { ids, ports }: ApiContext) {
  const path = ['input', 'catalogueId'];
  const catalogueId: CatalogueId = ids.open('Catalogue', wanted('catalogueId', input.catalogueId), path);
  const payload = { catalogueId, seed: input.seed ?? 1, budgetSeconds: REFRESH_SECONDS };
  return startRefresh(ports, { operator, idempotencyKey, ...payload });
}

function training(input: BulkInput, operator: Person, { ids, ports }: ApiContext) {
  const catalogueId: CatalogueId = ids.open('Catalogue', wanted('catalogueId', input.catalogueId), [
    'input',
    'catalogueId',
  ]);
  const { idempotencyKey, seed } = input;
  const recipe = input.recipe ? { recipe: parseRecipe(input.recipe, ['input', 'recipe']) } : {};
  return startTraining(
    ports,
    { operator, idempotencyKey, catalogueId, seed: seed ?? 1, budgetSeconds: TRAINING_SECONDS, ...recipe },
    input.kind === 'TRAIN_MODEL' ? 'train-ranker' : 'evaluate-ranker',
  );
}
