import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { Visibility } from '../domain/item.js';
import type { Work } from '../domain/work.js';
import type { GalleryChange as StoredChange } from '../flow/ports/stores.js';
import { Content, GeneratedItem } from './content.types.js';
import { ChangeKindEnum, GeneratedKindEnum, VisibilityEnum } from './enums.js';
import { Cursor, DateTime } from './scalars.js';
import { Conflict, InvalidInput, Refused, resultUnion } from './user-error.types.js';

@InputType({ description: 'All that is given must hold; of a list, any value.' })
export class GalleryFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Words in title and topics, and in prompt and labels where one may read them. With order RELEVANCE also by meaning.',
  })
  text?: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'A work or an item: those that look like it, nearest first.',
  })
  similarTo?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'A part of the prompt, letter by letter; own and shared recipes.',
  })
  promptContains?: string | null;
  @Field(() => Int, { nullable: true, description: 'Own and shared recipes, like the five below.' })
  seed?: number | null;
  @Field(() => Int, { nullable: true })
  steps?: number | null;
  @Field(() => Float, { nullable: true })
  guidance?: number | null;
  @Field(() => Int, { nullable: true })
  width?: number | null;
  @Field(() => Int, { nullable: true })
  height?: number | null;
  @Field(() => Float, { nullable: true })
  strength?: number | null;
  @Field(() => [String], {
    nullable: true,
    description: 'Tastes that went into the brief; own and shared recipes.',
  })
  facets?: string[] | null;
  @Field(() => [GeneratedKindEnum], { nullable: true })
  kinds?: Work['kind'][] | null;
  @Field(() => [String], { nullable: true })
  providers?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Names of picture models.' })
  models?: string[] | null;
  @Field(() => [ID], { nullable: true })
  modelVersionIds?: string[] | null;
  @Field(() => [String], { nullable: true })
  styles?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Everyday names: red, blue, grey, …' })
  colours?: string[] | null;
  @Field(() => [String], { nullable: true })
  topics?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'One’s own labels.' })
  tags?: string[] | null;
  @Field(() => Float, { nullable: true, description: 'Mean of all ratings, 1 to 5.' })
  minRating?: number | null;
  @Field(() => Boolean, { nullable: true })
  favouritesOnly?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Only works of one’s own.' })
  mine?: boolean | null;
  @Field(() => [VisibilityEnum], { nullable: true })
  visibility?: Visibility[] | null;
  @Field(() => DateTime, { nullable: true })
  createdAfter?: Date | null;
  @Field(() => DateTime, { nullable: true })
  createdBefore?: Date | null;
  @Field(() => ID, { nullable: true, description: 'Remixes of this one.' })
  parentId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Made with this one as a reference.' })
  basedOn?: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'The whole family: what it was made from and all that was made from it.',
  })
  lineageOf?: string | null;
  @Field(() => ID, {
    nullable: true,
    description: 'One’s own collections; a smart one brings its saved filter along.',
  })
  collectionId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'One work for each stack of near-equal ones.' })
  groupVariants?: boolean | null;
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
