import { Field, Int, ObjectType } from 'type-graphql';
import { DateTime } from './scalars.js';

@ObjectType()
export class RateLimit {
  @Field(() => Int)
  limit!: number;
  @Field(() => Int)
  remaining!: number;
  @Field(() => DateTime)
  resetAt!: Date;
  @Field(() => Int)
  costOfThisOperation!: number;
}
