import { Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import type { FacetOrigin } from '../domain/person.js';
import { FacetOriginEnum } from './enums.js';
import { Node } from './node.types.js';
import { DateTime } from './scalars.js';
import { InvalidInput, resultUnion } from './user-error.types.js';

@ObjectType()
export class Consent {
  @Field(() => Boolean, { description: 'Off: nothing about the person is used for ranking.' })
  personalisation!: boolean;
  @Field(() => Boolean)
  trainingUse!: boolean;
  @Field(() => DateTime)
  recordedAt!: Date;
}

@ObjectType({ implements: Node, description: 'One belief about a taste; the person can edit and remove it.' })
export class TasteFacet extends Node {
  @Field(() => String)
  label!: string;
  @Field(() => String, { description: 'topic, or the name of an item attribute.' })
  attribute!: string;
  @Field(() => Float, { description: 'From -1 (unwanted) to 1 (wanted).' })
  weight!: number;
  @Field(() => FacetOriginEnum)
  origin!: FacetOrigin;
  @Field(() => Boolean)
  pinned!: boolean;
  @Field(() => DateTime)
  updatedAt!: Date;
}

@ObjectType({
  description: 'What the system believes about a person, each line editable and removable by that person.',
})
export class TasteProfile {
  @Field(() => String)
  summary!: string;
  @Field(() => [TasteFacet])
  facets!: TasteFacet[];
  @Field(() => DateTime)
  updatedAt!: Date;
  @Field(() => Boolean)
  profilingEnabled!: boolean;
}

@ObjectType({ implements: Node, description: 'The person whom this request is for.' })
export class Viewer extends Node {
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  about!: string | null;
  @Field(() => Boolean, { description: 'True for a member of the simulated demo audience.' })
  simulated!: boolean;
  @Field(() => TasteProfile)
  profile!: TasteProfile;
  @Field(() => Consent)
  consent!: Consent;
}

@ObjectType({
  description: 'A simulated person whom one may look through in development, by `X-Vitrine-Person`.',
})
export class DemoPerson {
  @Field(() => ID)
  id!: string;
  @Field(() => String)
  externalId!: string;
  @Field(() => String)
  displayName!: string;
  @Field(() => String, { nullable: true })
  about!: string | null;
}

@InputType({ description: 'Without `facetId` a new stated taste; with it a change to that one.' })
export class FacetInput {
  @Field(() => ID, { nullable: true })
  facetId?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The topic or attribute value, in the catalogue’s words.',
  })
  label?: string | null;
  @Field(() => String, { nullable: true, description: 'Left out: topic.' })
  attribute?: string | null;
  @Field(() => Float, { nullable: true })
  weight?: number | null;
  @Field(() => Boolean, { nullable: true })
  pinned?: boolean | null;
  @Field(() => Boolean, { nullable: true })
  remove?: boolean | null;
}

@ObjectType()
export class ProfilePayload {
  @Field(() => TasteProfile)
  profile!: TasteProfile;
}
export const ProfileResult = resultUnion('ProfileResult', ProfilePayload, [InvalidInput]);
