import { createUnionType, Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { ControlAction } from '../domain/recommendation.js';
import { Content } from './content.types.js';
import { ControlActionEnum, ExplanationStyleEnum, type ExplanationStyle } from './enums.js';
import { FeedbackEvent } from './event.types.js';
import { Node, type Typed } from './node.types.js';
import { TasteFacet } from './person.types.js';
import { DateTime } from './scalars.js';

@ObjectType({ description: 'Something this person did.' })
export class InteractionEvidence {
  @Field(() => FeedbackEvent, { nullable: true })
  event!: FeedbackEvent | null;
  @Field(() => Content, { nullable: true })
  content!: Content | null;
}

@ObjectType({ description: 'A named fact that both items share.' })
export class AttributeEvidence {
  @Field(() => Content, { nullable: true })
  content!: Content | null;
  @Field(() => String)
  attribute!: string;
  @Field(() => String)
  value!: string;
}

@ObjectType({ description: 'People who wanted both; never fewer than the floor.' })
export class NeighbourEvidence {
  @Field(() => Content, { nullable: true })
  content!: Content | null;
  @Field(() => Int)
  cohortSize!: number;
  @Field(() => Float)
  overlap!: number;
}

@ObjectType()
export class TrendEvidence {
  @Field(() => String)
  window!: string;
  @Field(() => Int)
  count!: number;
  @Field(() => Float)
  change!: number;
}

@ObjectType()
export class PreferenceEvidence {
  @Field(() => TasteFacet, { nullable: true, description: 'Null once the person has removed it.' })
  facet!: TasteFacet | null;
  @Field(() => String)
  attribute!: string;
  @Field(() => String)
  value!: string;
}

@ObjectType({ description: 'Shown to find out: chance chose it, at this rate.' })
export class ExplorationEvidence {
  @Field(() => String)
  policy!: string;
  @Field(() => Float)
  rate!: number;
}

@ObjectType({ description: 'What this person asked for in their own words.' })
export class RequestEvidence {
  @Field(() => String)
  words!: string;
  @Field(() => Float, {
    description: 'How near the content is to them, in standard deviations over the catalogue.',
  })
  nearness!: number;
}

export const Evidence = createUnionType({
  name: 'Evidence',
  description: 'A stored fact that supports one claim.',
  types: () =>
    [
      InteractionEvidence,
      AttributeEvidence,
      NeighbourEvidence,
      TrendEvidence,
      PreferenceEvidence,
      ExplorationEvidence,
      RequestEvidence,
    ] as const,
  resolveType: (value) => (value as unknown as Typed).__typename,
});

@ObjectType({ description: 'One sentence-sized statement; one with no evidence is never shown.' })
export class Claim {
  @Field(() => String)
  text!: string;
  @Field(() => Int, { description: 'Where it begins in the text, in UTF-16 units.' })
  start!: number;
  @Field(() => Int)
  end!: number;
  @Field(() => [Evidence])
  evidence!: (typeof Evidence)[];
  @Field(() => Float, {
    nullable: true,
    description: 'Share of the score that this signal gave, where defined.',
  })
  contribution!: number | null;
}

@ObjectType({
  description: 'An action the person can take from the reason itself; send it with `applyControl`.',
})
export class Control {
  @Field(() => String)
  label!: string;
  @Field(() => ControlActionEnum)
  action!: ControlAction;
  @Field(() => ID)
  targetId!: string;
}

@ObjectType({ implements: Node })
export class Explanation extends Node {
  @Field(() => String)
  text!: string;
  @Field(() => ExplanationStyleEnum)
  style!: ExplanationStyle;
  @Field(() => String)
  locale!: string;
  @Field(() => [Claim])
  claims!: Claim[];
  @Field(() => Float, {
    description: 'Share of the claims that evidence supports; unsupported ones are dropped.',
  })
  groundedShare!: number;
  @Field(() => [Control])
  controls!: Control[];
  @Field(() => DateTime)
  createdAt!: Date;
}
