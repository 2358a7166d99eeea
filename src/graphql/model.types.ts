import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { ModelRole, ModelState } from '../domain/model-version.js';
import { ModelRoleEnum, ModelStateEnum } from './enums.js';
import { Node } from './node.types.js';
import { DateTime } from './scalars.js';

@ObjectType()
export class Metric {
  @Field(() => String)
  name!: string;
  @Field(() => Float)
  value!: number;
  @Field(() => Float, { nullable: true })
  low?: number;
  @Field(() => Float, { nullable: true })
  high?: number;
  @Field(() => String, { nullable: true })
  slice?: string;
  @Field(() => Int, { description: 'People it was measured on.' })
  n!: number;
}

@ObjectType({ implements: Node })
export class ModelVersion extends Node {
  @Field(() => String)
  family!: string;
  @Field(() => String)
  version!: string;
  @Field(() => ModelRoleEnum)
  role!: ModelRole;
  @Field(() => ModelStateEnum)
  state!: ModelState;
  @Field(() => DateTime)
  trainedAt!: Date;
  @Field(() => String, { description: 'SHA-256 of the events and items it learned from.' })
  dataSnapshot!: string;
  @Field(() => Float, { description: 'All chance in its making came from this number.' })
  seed!: number;
  @Field(() => String, { description: 'What it is, what it learned from, how good it is, in words.' })
  card!: string;
  @Field(() => [Metric])
  metrics!: readonly Metric[];
}
