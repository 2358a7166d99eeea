import { Args, ArgsType, Authorized, Ctx, Field, ID, Int, Query, Resolver } from 'type-graphql';
import { findByFacets } from '../flow/find-by-facets.js';
import { generateList } from '../flow/generate-list.js';
import { groundWords } from '../flow/ground-words.js';
import type { ApiContext } from './context.js';
import { FacetSearch } from './decoding.types.js';
import { ifGiven } from './given.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { connection } from './recommendation.resolver.js';
import { RecommendationConnection } from './recommendation.types.js';

@ArgsType()
class AskingArgs {
  @Field(() => ID, { nullable: true, description: 'Left out: the first catalogue.' })
  catalogueId?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Use nothing about the person.' })
  withoutProfiling!: boolean;
}

@ArgsType()
class WordsArgs extends AskingArgs {
  @Field(() => String, { description: 'Free words, at most 500 characters.' })
  text!: string;
  @Field(() => Int, { defaultValue: 20, description: '1 to 100.' })
  first!: number;
}

@ArgsType()
class SessionArgs extends AskingArgs {
  @Field(() => Int, { defaultValue: 10, description: '1 to 30.' })
  length!: number;
}

/** Ways of coming from words or a history to real items that are not one ranking of the catalogue. */
@Resolver()
export class DecodingResolver {
  @Authorized('VIEWER')
  @Query(() => FacetSearch, {
    complexity: pageCost(10),
    description:
      'Content by words that stand anywhere in its titles, topics or attributes, the person’s stated tastes among them.',
  })
  async findByFacets(@Args(() => WordsArgs) args: WordsArgs, @Ctx() context: ApiContext): Promise<object> {
    const answer = await findByFacets(context.ports, await wordsOf(args, context));
    const results = await connection(answer, context);
    const matches = results.edges.map(({ itemId, node }) => ({
      content: node,
      facets: answer.found.get(itemId) ?? [],
    }));
    return { results, matches };
  }

  @Authorized('VIEWER')
  @Query(() => RecommendationConnection, {
    complexity: pageCost(10),
    description:
      'The real content that free words come nearest to in meaning, what this person would want first among equals.',
  })
  async ground(@Args(() => WordsArgs) args: WordsArgs, @Ctx() context: ApiContext): Promise<object> {
    return connection(await groundWords(context.ports, await wordsOf(args, context)), context);
  }

  @Authorized('VIEWER')
  @Query(() => RecommendationConnection, {
    complexity: ({ args, childComplexity }) => 10 + Number(args['length']) * (2 + childComplexity),
    description:
      'A list made as one: each item follows from the history and the items before it; nothing comes twice.',
  })
  async session(@Args(() => SessionArgs) args: SessionArgs, @Ctx() context: ApiContext): Promise<object> {
    const answer = await generateList(context.ports, {
      ...(await askingOf(args, context)),
      length: args.length,
    });
    return connection(answer, context);
  }
}

async function askingOf({ catalogueId, withoutProfiling }: AskingArgs, { viewer, ids }: ApiContext) {
  return {
    viewer: await viewer(),
    catalogueId: ifGiven(catalogueId, (id) => ids.open('Catalogue', id, ['catalogueId'])),
    withoutProfiling,
  };
}

async function wordsOf(args: WordsArgs, context: ApiContext) {
  return { ...(await askingOf(args, context)), text: args.text, first: pageSize(args.first) };
}
