import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Work } from '../domain/work.js';
import type { GalleryChange as StoredChange } from '../flow/ports/stores.js';
import { Content, GeneratedItem } from './content.types.js';
import { ChangeKindEnum, GeneratedKindEnum } from './enums.js';
import { Cursor, DateTime } from './scalars.js';
import { Conflict, InvalidInput, Refused, resultUnion } from './user-error.types.js';

@InputType()
export class GalleryFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Words in title, summary, topics, or in one’s own prompts.',
  })
  text?: string | null;
  @Field(() => [GeneratedKindEnum], { nullable: true })
  kinds?: Work['kind'][] | null;
  @Field(() => [ID], { nullable: true })
  modelVersionIds?: string[] | null;
  @Field(() => [String], { nullable: true })
  topics?: string[] | null;
  @Field(() => String, { nullable: true })
  promptContains?: string | null;
  @Field(() => Int, { nullable: true })
  seed?: number | null;
  @Field(() => Boolean, { nullable: true })
  favouritesOnly?: boolean | null;
  @Field(() => DateTime, { nullable: true })
  createdAfter?: Date | null;
  @Field(() => DateTime, { nullable: true })
  createdBefore?: Date | null;
}

@ObjectType()
export class ItemPayload {
  @Field(() => Content)
  item!: Content;
}
export const ItemResult = resultUnion('ItemResult', ItemPayload, [InvalidInput, Refused, Conflict]);

@ObjectType()
export class GalleryChange {
  @Field(() => Cursor)
  cursor!: string;
  @Field(() => ChangeKindEnum)
  kind!: StoredChange['kind'];
  @Field(() => ID)
  itemId!: string;
  @Field(() => GeneratedItem, { nullable: true, description: 'Null once it may not be seen any more.' })
  item!: GeneratedItem | null;
}
