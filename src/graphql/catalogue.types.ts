import { Field, Int, ObjectType } from 'type-graphql';
import { Node } from './node.types.js';

@ObjectType({ implements: Node })
export class Catalogue extends Node {
  @Field(() => String, { description: 'Stable name by which imports and commands address it.' })
  key!: string;
  @Field(() => String)
  name!: string;
  @Field(() => String)
  domain!: string;
  @Field(() => String)
  language!: string;
  @Field(() => Int)
  itemCount!: number;
}
