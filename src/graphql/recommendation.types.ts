import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import type { CandidateSource } from '../domain/recommendation.js';
import { Content } from './content.types.js';
import { CandidateSourceEnum } from './enums.js';
import { Explanation } from './explanation.types.js';
import { ModelVersion } from './model.types.js';
import { Connection } from './node.types.js';

@ObjectType({
  description: 'One place in an answer. What depends on the request is here, never on the content.',
})
export class RecommendationEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => Content)
  node!: Content;
  @Field(() => Int, { description: 'From 0, over all pages of this answer.' })
  position!: number;
  @Field(() => Float)
  score!: number;
  @Field(() => [CandidateSourceEnum])
  sources!: readonly CandidateSource[];
  @Field(() => Boolean)
  explored!: boolean;
  @Field(() => Float, {
    nullable: true,
    description: 'Probability of standing here under the exploration policy.',
  })
  propensity!: number | null;
  @Field(() => Explanation, { nullable: true })
  explanation!: Explanation | null;
}

@ObjectType({ description: 'A simpler ranker answered.' })
export class Degradation {
  @Field(() => String)
  reason!: string;
  @Field(() => CandidateSourceEnum)
  fallback!: CandidateSource;
}

@ObjectType({ implements: Connection })
export class RecommendationConnection extends Connection {
  @Field(() => ID, { description: 'Quote this in every event, so that impressions and clicks join exactly.' })
  requestId!: string;
  @Field(() => [RecommendationEdge])
  edges!: RecommendationEdge[];
  @Field(() => [Content], { description: 'The nodes of the edges.' })
  nodes!: Content[];
  @Field(() => ModelVersion, { nullable: true, description: 'Null while the baseline answers.' })
  model!: ModelVersion | null;
  @Field(() => Boolean, { description: 'Whether anything about the person was used.' })
  profiled!: boolean;
  @Field(() => Degradation, { nullable: true })
  degraded!: Degradation | null;
  @Field(() => Int)
  servedInMs!: number;
}
