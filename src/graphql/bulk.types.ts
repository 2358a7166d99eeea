import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { JobStatus } from '../domain/job.js';
import { RECIPE_CHOICES } from '../domain/ranking/recipe.js';
import { Catalogue } from './catalogue.types.js';
import { BulkKindEnum, JobStatusEnum, type BulkKind } from './enums.js';
import { JobFailure } from './job.types.js';
import { ModelVersion } from './model.types.js';
import { Node } from './node.types.js';
import { DateTime, IdempotencyKey, Json } from './scalars.js';
import { Conflict, InvalidInput, LimitReached, resultUnion } from './user-error.types.js';

@ObjectType({ description: 'A row that an import could not use.' })
export class RowRejection {
  @Field(() => String)
  file!: string;
  @Field(() => Int)
  line!: number;
  @Field(() => String, { description: 'What was wanted and what came.' })
  reason!: string;
}

@ObjectType({
  implements: Node,
  description:
    'Long work for the whole installation: an import, a training, an evaluation, a refresh of codes, a picture model.',
})
export class BulkJob extends Node {
  @Field(() => BulkKindEnum)
  kind!: BulkKind;
  @Field(() => JobStatusEnum)
  status!: JobStatus;
  @Field(() => Float)
  progress!: number;
  @Field(() => String)
  stage!: string;
  @Field(() => Int)
  rowsRead!: number;
  @Field(() => Int)
  rowsAccepted!: number;
  @Field(() => Int)
  rowsRejected!: number;
  @Field(() => Catalogue, { nullable: true, description: 'What an import filled, once it has ended.' })
  catalogue!: Catalogue | null;
  @Field(() => ModelVersion, {
    nullable: true,
    description: 'What a training or an evaluation registered, with its metrics.',
  })
  model!: ModelVersion | null;
  @Field(() => String, {
    nullable: true,
    description: 'TRAIN_PICTURES: the version that was made, for REPLICATE_MODELS.',
  })
  pictureModel!: string | null;
  @Field(() => JobFailure, { nullable: true })
  failure!: JobFailure | null;
  @Field(() => DateTime)
  createdAt!: Date;
  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;
}

const recipeHelp = Object.entries(RECIPE_CHOICES)
  .map(([name, { wanted, help }]) => `${name}: ${help} (${wanted})`)
  .join('; ');

@InputType()
export class BulkInput {
  @Field(() => IdempotencyKey)
  idempotencyKey!: string;
  @Field(() => BulkKindEnum)
  kind!: BulkKind;
  @Field(() => String, {
    nullable: true,
    description: 'IMPORT: movielens-100k, movielens-1m, amazon-5core, csv or jsonl.',
  })
  format?: string | null;
  @Field(() => String, { nullable: true, description: 'IMPORT: a file or folder on the server.' })
  path?: string | null;
  @Field(() => ID, { nullable: true, description: 'All but IMPORT and TRAIN_PICTURES: which catalogue.' })
  catalogueId?: string | null;
  @Field(() => Int, { nullable: true })
  seed?: number | null;
  @Field(() => String, { nullable: true, description: 'TRAIN_PICTURES: owner/name:version of the trainer.' })
  trainer?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'TRAIN_PICTURES: owner/name of your model at the provider.',
  })
  destination?: string | null;
  @Field(() => Json, { nullable: true, description: 'TRAIN_PICTURES: the input that the trainer asks for.' })
  trainingInput?: Readonly<Record<string, unknown>> | null;
  @Field(() => Json, {
    nullable: true,
    description: `TRAIN_MODEL, EVALUATE_MODEL: what differs from the rule. ${recipeHelp}.`,
  })
  recipe?: Readonly<Record<string, unknown>> | null;
}

@ObjectType()
export class BulkPayload {
  @Field(() => BulkJob)
  job!: BulkJob;
  @Field(() => Boolean)
  replayed!: boolean;
}
export const BulkResult = resultUnion('BulkResult', BulkPayload, [InvalidInput, LimitReached, Conflict]);
