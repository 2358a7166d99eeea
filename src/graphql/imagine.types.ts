import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { ImaginationSource } from '../domain/ranking/imagined-item.js';
import { Content } from './content.types.js';
import { ImaginationSourceEnum } from './enums.js';
import { ModelVersion } from './model.types.js';
import { Conflict, InvalidInput, resultUnion } from './user-error.types.js';

@ObjectType({ description: 'A real item near an imagined one.' })
export class ImaginedNeighbour {
  @Field(() => Content, { nullable: true })
  node!: Content | null;
  @Field(() => Float, { description: 'Cosine, up to 1 for the same thing.' })
  similarity!: number;
  @Field(() => Boolean, { description: 'Whether this person has wanted it already.' })
  seen!: boolean;
}

@ObjectType({ description: 'A fact that the nearest items share.' })
export class ImaginedFacet {
  @Field(() => String, { description: 'topic, or the name of an item attribute.' })
  attribute!: string;
  @Field(() => String)
  value!: string;
  @Field(() => Float, { description: 'Share of the nearest items that have it, by similarity: 0..1.' })
  weight!: number;
  @Field(() => Float, { description: 'Share of the whole catalogue that has it.' })
  usual!: number;
}

@ObjectType({
  description: 'The ideal next item of a person, which need not exist, and the real items around it.',
})
export class Imagined {
  @Field(() => ImaginationSourceEnum)
  source!: ImaginationSource;
  @Field(() => [ImaginedNeighbour], { description: 'Nearest first.' })
  nearest!: ImaginedNeighbour[];
  @Field(() => Float, { nullable: true, description: 'Cosine distance to the nearest real item.' })
  distance!: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'Share of real items, 0..1, that have a closer neighbour: near 1 says that nothing like it exists.',
  })
  percentile!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Mean cosine distance between several samples; null from TRUNK, which has one answer.',
  })
  uncertainty!: number | null;
  @Field(() => [ImaginedFacet], { description: 'Most telling first.' })
  facets!: readonly ImaginedFacet[];
  @Field(() => Int, { nullable: true, description: 'Steps from noise; null from TRUNK.' })
  steps!: number | null;
  @Field(() => Float, { nullable: true, description: 'Null where nothing was guided.' })
  guidance!: number | null;
  @Field(() => ModelVersion, { nullable: true })
  model!: ModelVersion | null;
}
export const ImagineResult = resultUnion('ImagineResult', Imagined, [InvalidInput, Conflict]);
