import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { ModelActor, ModelState } from '../domain/model-version.js';
import { ModelActorEnum, ModelStateEnum } from './enums.js';
import { ModelVersion } from './model.types.js';
import { DateTime } from './scalars.js';
import { Conflict, InvalidInput, resultUnion } from './user-error.types.js';

@ObjectType({ description: 'One stored change of state.' })
export class ModelTransition {
  @Field(() => ModelStateEnum)
  from!: ModelState;
  @Field(() => ModelStateEnum)
  to!: ModelState;
  @Field(() => ModelActorEnum)
  actor!: ModelActor;
  @Field(() => String, { nullable: true, description: 'The operator, by display name, where one is known.' })
  by!: string | null;
  @Field(() => String)
  reason!: string;
  @Field(() => DateTime)
  at!: Date;
}

@ObjectType({
  description: 'What a model in the shadow did beside the live one: sampled, and seen by nobody.',
})
export class ModelShadow {
  @Field(() => Int, { description: 'Answers it was compared on.' })
  requests!: number;
  @Field(() => Float, { description: 'Mean share of the first ten items that both answers have.' })
  overlap!: number;
  @Field(() => Int, { description: 'Items that were wanted after one of these answers, as its events say.' })
  wanted!: number;
  @Field(() => Int, { description: 'How many of them the shadow had among its first ten.' })
  hits!: number;
  @Field(() => Int, {
    description: 'How many the live answer had there; it has the advantage of having been shown.',
  })
  liveHits!: number;
}

@ObjectType({ description: 'How much a model learned from.' })
export class LearnedFrom {
  @Field(() => Int)
  people!: number;
  @Field(() => Int)
  events!: number;
  @Field(() => Int)
  items!: number;
  @Field(() => DateTime, { description: 'Time of the newest event.' })
  until!: Date;
  @Field(() => ModelVersion, { nullable: true, description: 'The model whose weights it started from.' })
  startedFrom!: ModelVersion | null;
}

@ObjectType()
export class ModelMovePayload {
  @Field(() => ModelVersion)
  model!: ModelVersion;
  @Field(() => ModelVersion, { nullable: true, description: 'What had the place before.' })
  previous!: ModelVersion | null;
}
export const ModelMoveResult = resultUnion('ModelMoveResult', ModelMovePayload, [InvalidInput, Conflict]);
