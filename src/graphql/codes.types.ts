import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { TokenizerName } from '../domain/semantic-ids/tokenizer.js';
import { Content } from './content.types.js';
import { TokenizerEnum } from './enums.js';
import { ModelVersion } from './model.types.js';
import { Connection } from './node.types.js';

@ObjectType({ description: 'How one digit of the codes is used.' })
export class CodeLevel {
  @Field(() => Int, { description: 'Values the digit can take.' })
  codes!: number;
  @Field(() => Int, { description: 'Values that no item has.' })
  dead!: number;
  @Field(() => Float, { description: 'Share of the values in use, of those that the items could fill.' })
  usage!: number;
  @Field(() => Float, { description: '1: all values are used alike; 0: one value for everything.' })
  entropy!: number;
  @Field(() => Float, { description: 'So many values, used alike, would tell as much.' })
  perplexity!: number;
}

@ObjectType({ description: 'What became of the codes since an earlier version.' })
export class CodeChange {
  @Field(() => ModelVersion)
  since!: ModelVersion;
  @Field(() => Int, { description: 'Items that both versions know.' })
  shared!: number;
  @Field(() => Int, { description: 'Of those, items whose code is another now.' })
  moved!: number;
  @Field(() => Float)
  movedShare!: number;
  @Field(() => [Float], { description: 'Share of the digits that stayed, per level.' })
  keptDigits!: readonly number[];
  @Field(() => Int)
  added!: number;
  @Field(() => Int)
  removed!: number;
}

@ObjectType({ description: 'The code of one item.' })
export class CodeExample {
  @Field(() => Content, { nullable: true, description: 'Null where it may not be seen by this person.' })
  content!: Content | null;
  @Field(() => [Int])
  code!: readonly number[];
  @Field(() => String, {
    nullable: true,
    description: 'The code in words; null where it is not made of words.',
  })
  words!: string | null;
}

@ObjectType({
  description:
    'How well the codes of a ranker tell its items apart. Collapsed codes hide behind a pretty loss.',
})
export class CodeHealth {
  @Field(() => ModelVersion)
  model!: ModelVersion;
  @Field(() => TokenizerEnum)
  tokenizer!: TokenizerName;
  @Field(() => Int)
  items!: number;
  @Field(() => Float, { description: 'Different codes per item, without a digit that only tells apart.' })
  uniqueRate!: number;
  @Field(() => Int, {
    description: 'Items that share a code with another, without a digit that only tells apart.',
  })
  collisions!: number;
  @Field(() => Int, { description: 'The most items under one code.' })
  largestBucket!: number;
  @Field(() => [CodeLevel])
  levels!: readonly CodeLevel[];
  @Field(() => [CodeExample])
  examples!: readonly CodeExample[];
  @Field(() => CodeChange, { nullable: true, description: 'Null where no earlier version has codes.' })
  change!: CodeChange | null;
}

@ObjectType({ description: 'An item whose code is another since its ranker was refreshed.' })
export class MovedCode {
  @Field(() => Content, { nullable: true, description: 'Null where it may not be seen by this person.' })
  content!: Content | null;
  @Field(() => [Int])
  before!: readonly number[];
  @Field(() => [Int])
  after!: readonly number[];
}

@ObjectType()
export class MovedCodeEdge {
  @Field(() => String)
  cursor!: string;
  @Field(() => MovedCode)
  node!: MovedCode;
}

@ObjectType({ implements: Connection, description: 'The migration map of refreshed codes.' })
export class MovedCodeConnection extends Connection {
  @Field(() => [MovedCodeEdge])
  edges!: MovedCodeEdge[];
}
