import { Field, Int, ObjectType } from 'type-graphql';
import { Url } from './scalars.js';

@ObjectType()
export class MediaCandidate {
  @Field(() => Url)
  url!: string;
  @Field(() => Int)
  width!: number;
  @Field(() => String)
  format!: string;
}

@ObjectType({ description: 'A picture in the size asked for; `srcSet` lists every size and format.' })
export class Media {
  @Field(() => Url, { description: 'Signed; works for a day or more.' })
  url!: string;
  @Field(() => Int)
  width!: number;
  @Field(() => Int)
  height!: number;
  @Field(() => String)
  format!: string;
  @Field(() => String, { nullable: true })
  blurHash!: string | null;
  @Field(() => String)
  alt!: string;
  @Field(() => [String], { description: 'Hex colours, most present first.' })
  palette!: readonly string[];
  @Field(() => [MediaCandidate])
  srcSet!: MediaCandidate[];
}
