import { Field, Float, ObjectType } from 'type-graphql';
import { Content } from './content.types.js';
import { RecommendationConnection } from './recommendation.types.js';

@ObjectType({
  description: 'A stretch of words that was generated and stands in one of an item’s own strings.',
})
export class FoundFacet {
  @Field(() => String, { description: 'title, topic, or the name of an attribute.' })
  attribute!: string;
  @Field(() => String)
  words!: string;
  @Field(() => Float, { description: 'Rarer words and longer stretches count more.' })
  score!: number;
}

@ObjectType()
export class FoundByFacets {
  @Field(() => Content)
  content!: Content;
  @Field(() => [FoundFacet], { description: 'Best first; together they are the reason.' })
  facets!: FoundFacet[];
}

@ObjectType({
  description: 'Content whose titles, topics or attributes hold what was generated from the words.',
})
export class FacetSearch {
  @Field(() => RecommendationConnection)
  results!: RecommendationConnection;
  @Field(() => [FoundByFacets], { description: 'What was found where, in the order of the results.' })
  matches!: FoundByFacets[];
}
