import { Field, ID, Int, InterfaceType, ObjectType } from 'type-graphql';

/** Roots of the Node interface carry the name of their GraphQL type. */
export interface Typed {
  readonly __typename: string;
}

@InterfaceType({
  description: 'Anything with an id that can be fetched again by `node`.',
  resolveType: (value: Typed) => value.__typename,
})
export abstract class Node {
  @Field(() => ID)
  id!: string;
}

@ObjectType()
export class PageInfo {
  @Field(() => Boolean)
  hasNextPage!: boolean;
  @Field(() => Boolean)
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true })
  startCursor!: string | null;
  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

@InterfaceType({ resolveType: (value: Typed) => value.__typename })
export abstract class Connection {
  @Field(() => PageInfo)
  pageInfo!: PageInfo;
  @Field(() => Int, { nullable: true })
  totalCount!: number | null;
}
