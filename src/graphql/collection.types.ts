import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { GeneratedItem } from './content.types.js';
import { GalleryFilter } from './gallery.types.js';
import { Connection, Node } from './node.types.js';
import { DateTime, Json, Url } from './scalars.js';
import { Conflict, InvalidInput, LimitReached, resultUnion } from './user-error.types.js';

@ObjectType({ description: 'Opens one collection to whoever has it.' })
export class ShareLink {
  @Field(() => ID)
  token!: string;
  @Field(() => Url)
  url!: string;
  @Field(() => DateTime)
  createdAt!: Date;
  @Field(() => DateTime)
  expiresAt!: Date;
}

@ObjectType({
  implements: Node,
  description: 'Works kept together: in an order of the owner’s hand, or all that match a saved filter.',
})
export class Collection extends Node {
  @Field(() => String)
  name!: string;
  @Field(() => Int, { description: 'Counts up with each change; send it back as expectedVersion.' })
  version!: number;
  @Field(() => Json, { nullable: true, description: 'A smart collection’s filter, as it was given.' })
  smartFilter!: object | null;
  @Field(() => GeneratedItem, { nullable: true, description: 'The chosen one, else the first.' })
  cover!: GeneratedItem | null;
  @Field(() => [ShareLink], { description: 'Links that are open now.' })
  links!: ShareLink[];
  @Field(() => DateTime)
  createdAt!: Date;
  @Field(() => DateTime)
  updatedAt!: Date;
}

@ObjectType({ description: 'A collection as whoever has a link sees it. What is private is not in it.' })
export class SharedCollection {
  @Field(() => String)
  name!: string;
  @Field(() => String)
  ownerName!: string;
  @Field(() => DateTime)
  expiresAt!: Date;
}

@ObjectType()
export class CollectionEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => Collection)
  node!: Collection;
}

@ObjectType({ implements: Connection })
export class CollectionConnection extends Connection {
  @Field(() => [CollectionEdge])
  edges!: CollectionEdge[];
  @Field(() => [Collection], { description: 'The nodes of the edges.' })
  nodes!: Collection[];
}

@InputType()
export class CollectionInput {
  @Field(() => ID, { nullable: true, description: 'Left out: a new one.' })
  id?: string | null;
  @Field(() => Int, { nullable: true, description: 'Needed with an id: the version that was changed.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'Needed for a new one; 1 to 80 characters.' })
  name?: string | null;
  @Field(() => GalleryFilter, { nullable: true, description: 'Makes it a smart one.' })
  smartFilter?: GalleryFilter | null;
  @Field(() => [ID], { defaultValue: [] })
  add!: string[];
  @Field(() => [ID], { defaultValue: [] })
  remove!: string[];
  @Field(() => [ID], { defaultValue: [], description: 'These first, in this order; the others behind them.' })
  order!: string[];
  @Field(() => ID, { nullable: true })
  coverId?: string | null;
}

@ObjectType()
export class CollectionPayload {
  @Field(() => Collection)
  collection!: Collection;
}
const failures = [InvalidInput, Conflict, LimitReached];
export const CollectionResult = resultUnion('CollectionResult', CollectionPayload, failures);

@ObjectType()
export class ShareLinkPayload {
  @Field(() => Collection)
  collection!: Collection;
  @Field(() => ShareLink)
  link!: ShareLink;
}
export const ShareLinkResult = resultUnion('ShareLinkResult', ShareLinkPayload, failures);

@ObjectType()
export class RemovedPayload {
  @Field(() => ID)
  removedId!: string;
}
export const RemovedResult = resultUnion('RemovedResult', RemovedPayload, [InvalidInput, Conflict]);
