import { Field, Float, ObjectType } from 'type-graphql';
import type { ReferenceRole } from '../domain/imaging/picture-kind.js';
import type { Work } from '../domain/work.js';
import { GeneratedKindEnum, ReferenceRoleEnum } from './enums.js';

@ObjectType({
  description: 'What a job cost. Kept pictures are charged; the rest of the reserve goes back when it ends.',
})
export class JobCost {
  @Field(() => Float, { description: 'Set aside when it was asked for.' })
  reserved!: number;
  @Field(() => Float)
  charged!: number;
  @Field(() => Float, { description: 'What of the reserve went back; 0 while the job is open.' })
  refunded!: number;
  @Field(() => String)
  currency!: string;
}

@ObjectType({ description: 'What pictures would cost, before they are asked for.' })
export class GenerationEstimate {
  @Field(() => Float, { description: 'The most that it can come to.' })
  amount!: number;
  @Field(() => Float, { description: 'What the viewer may still spend today (UTC).' })
  leftToday!: number;
  @Field(() => Boolean, { description: 'Whether it fits into what is left.' })
  affordable!: boolean;
  @Field(() => String)
  currency!: string;
  @Field(() => String, { description: 'The first choice; another may make it when this one is down.' })
  model!: string;
}

@ObjectType({ description: 'A kind of picture that a configured provider makes.' })
export class PictureOffer {
  @Field(() => GeneratedKindEnum)
  kind!: Work['kind'];
  @Field(() => Float, { description: 'The most that one picture costs.' })
  amount!: number;
  @Field(() => String)
  currency!: string;
  @Field(() => String, { description: 'The first choice; another may make it when this one is down.' })
  model!: string;
  @Field(() => [ReferenceRoleEnum], { description: 'Reference pictures that it cannot do without.' })
  wants!: readonly ReferenceRole[];
  @Field(() => Boolean, { description: 'Whether it needs a work in remixOf.' })
  startsFromWork!: boolean;
  @Field(() => Boolean, { description: 'Whether strength says how much of that work to give up.' })
  takesStrength!: boolean;
}
