import { Field, Float, ID, InputType, Int, InterfaceType, ObjectType } from 'type-graphql';
import type { JobStatus } from '../domain/job.js';
import type { Visibility } from '../domain/item.js';
import type { Work } from '../domain/work.js';
import { GeneratedItem } from './content.types.js';
import { GeneratedKindEnum, JobStatusEnum, VisibilityEnum } from './enums.js';
import { Media } from './media.types.js';
import { Connection, Node } from './node.types.js';
import { ReferenceInput } from './reference.types.js';
import { Cursor, DateTime, IdempotencyKey } from './scalars.js';
import { Conflict, InvalidInput, LimitReached, Refused, resultUnion } from './user-error.types.js';
import type { JobEvent as DomainJobEvent } from '../domain/job.js';

@ObjectType()
export class JobFailure {
  @Field(() => String, { description: 'One of ErrorCode, or INTERNAL.' })
  code!: string;
  @Field(() => String)
  message!: string;
  @Field(() => Boolean)
  retryable!: boolean;
  @Field(() => String, { nullable: true })
  provider!: string | null;
}

@ObjectType()
export class JobOutput {
  @Field(() => Int)
  index!: number;
  @Field(() => GeneratedItem, { nullable: true })
  item!: GeneratedItem | null;
  @Field(() => JobFailure, { nullable: true, description: 'Why there is no item: this one output failed.' })
  withheld!: JobFailure | null;
}

@ObjectType({ description: 'What the pictures of a bundle share and show, chosen when it was asked for.' })
export class BundlePlan {
  @Field(() => [String], { description: 'Hex codes, the leading colour first.' })
  palette!: readonly string[];
  @Field(() => String, { nullable: true })
  style!: string | null;
  @Field(() => [String], {
    description: 'One for each picture; empty where they come from the taste profile.',
  })
  subjects!: readonly string[];
}

@ObjectType({ implements: Node })
export class GenerationJob extends Node {
  @Field(() => JobStatusEnum)
  status!: JobStatus;
  @Field(() => Float, { description: '0 to 1.' })
  progress!: number;
  @Field(() => String)
  stage!: string;
  @Field(() => Int, { nullable: true, description: 'Jobs in front of it (0: next); null once it runs.' })
  queuePosition!: number | null;
  @Field(() => Int, {
    nullable: true,
    description:
      'Seconds until it is done, from measured times of its kind and the workers that run; null: unknown.',
  })
  etaSeconds!: number | null;
  @Field(() => Int)
  attempt!: number;
  @Field(() => Int)
  maxAttempts!: number;
  @Field(() => DateTime)
  createdAt!: Date;
  @Field(() => DateTime, { nullable: true })
  startedAt!: Date | null;
  @Field(() => DateTime, { nullable: true })
  finishedAt!: Date | null;
  @Field(() => DateTime, { nullable: true })
  deadline!: Date | null;
  @Field(() => [JobOutput])
  outputs!: JobOutput[];
  @Field(() => JobFailure, { nullable: true })
  failure!: JobFailure | null;
}

@ObjectType()
export class GenerationJobEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => GenerationJob)
  node!: GenerationJob;
}

@ObjectType({ implements: Connection })
export class GenerationJobConnection extends Connection {
  @Field(() => [GenerationJobEdge])
  edges!: GenerationJobEdge[];
  @Field(() => [GenerationJob], { description: 'The nodes of the edges.' })
  nodes!: GenerationJob[];
}

const EVENT_TYPE_NAMES = {
  QUEUED: 'JobQueued',
  STARTED: 'JobStarted',
  PROGRESSED: 'JobProgressed',
  OUTPUT_READY: 'JobOutputReady',
  FINISHED: 'JobFinished',
} as const satisfies Record<DomainJobEvent['kind'], string>;

@InterfaceType({
  description: 'One line of a job’s event log.',
  resolveType: (event: DomainJobEvent) => EVENT_TYPE_NAMES[event.kind],
})
export abstract class JobEvent {
  @Field(() => ID)
  jobId!: string;
  @Field(() => Cursor)
  cursor!: string;
  @Field(() => DateTime)
  at!: Date;
}

@ObjectType({ implements: JobEvent })
export class JobQueued extends JobEvent {
  @Field(() => Int)
  queuePosition!: number;
  @Field(() => Int, { nullable: true })
  etaSeconds!: number | null;
}

@ObjectType({ implements: JobEvent })
export class JobStarted extends JobEvent {
  @Field(() => Int)
  attempt!: number;
}

@ObjectType({ implements: JobEvent })
export class JobProgressed extends JobEvent {
  @Field(() => Float)
  progress!: number;
  @Field(() => String)
  stage!: string;
  @Field(() => Media, { nullable: true })
  preview!: Media | null;
}

@ObjectType({ implements: JobEvent })
export class JobOutputReady extends JobEvent {
  @Field(() => JobOutput)
  output!: JobOutput;
}

@ObjectType({ implements: JobEvent })
export class JobFinished extends JobEvent {
  @Field(() => GenerationJob)
  job!: GenerationJob;
}

@InputType()
export class GenerateInput {
  @Field(() => IdempotencyKey)
  idempotencyKey!: string;
  @Field(() => GeneratedKindEnum, { defaultValue: 'IMAGE' })
  kind!: Work['kind'];
  @Field(() => String, {
    nullable: true,
    description: 'The person’s own words; left out: from the taste profile alone.',
  })
  brief?: string | null;
  @Field(() => [ID], { nullable: true, description: 'Content whose look to borrow.' })
  basedOn?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'The picture to start from.' })
  remixOf?: string | null;
  @Field(() => Float, {
    nullable: true,
    description: 'How much of the picture to start from to give up: more than 0, at most 1. Left out: 0.7.',
  })
  strength?: number | null;
  @Field(() => [ReferenceInput], {
    nullable: true,
    description:
      'What shall be in the picture: SUBJECT for SUBJECT, PERSON and GARMENT for TRY_ON. At most 4.',
  })
  reference?: ReferenceInput[] | null;
  @Field(() => Int, { defaultValue: 1, description: '1 to 8 pictures; 4 to 9 of a BUNDLE.' })
  count!: number;
  @Field(() => Boolean, { defaultValue: true })
  personalise!: boolean;
  @Field(() => String, { nullable: true })
  style?: string | null;
  @Field(() => Int, { nullable: true, description: 'The same seed and words give the same picture.' })
  seed?: number | null;
  @Field(() => Int, { nullable: true })
  deadlineSeconds?: number | null;
  @Field(() => VisibilityEnum, { defaultValue: 'PRIVATE' })
  visibility!: Visibility;
  @Field(() => ID, { nullable: true })
  catalogueId?: string | null;
}

@ObjectType()
export class GeneratePayload {
  @Field(() => GenerationJob)
  job!: GenerationJob;
  @Field(() => Boolean, { description: 'True when this key came before: the job is the earlier one.' })
  replayed!: boolean;
}
export const GenerateResult = resultUnion('GenerateResult', GeneratePayload, [
  InvalidInput,
  Refused,
  LimitReached,
  Conflict,
]);

@ObjectType()
export class CancelPayload {
  @Field(() => GenerationJob)
  job!: GenerationJob;
  @Field(() => Boolean)
  wasRunning!: boolean;
}
export const CancelResult = resultUnion('CancelResult', CancelPayload, [InvalidInput, Conflict]);
