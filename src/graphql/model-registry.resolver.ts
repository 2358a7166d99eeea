import { Arg, Authorized, Ctx, FieldResolver, ID, Int, Mutation, Resolver, Root } from 'type-graphql';
import type {
  ModelTransition as StoredTransition,
  ModelVersion as StoredModel,
} from '../domain/model-version.js';
import { type Mover, promoteModel, retireModel, rollBackModel, shadowModel } from '../flow/move-model.js';
import type { ShadowCounts } from '../flow/ports/stores.js';
import type { ApiContext } from './context.js';
import { LearnedFrom, ModelMoveResult, ModelShadow, ModelTransition } from './model-registry.types.js';
import { ModelVersion } from './model.types.js';
import { pageCost } from './page-cost.js';
import { pageSize } from './page-size.js';
import { Json } from './scalars.js';

const cost = { complexity: ({ childComplexity }: { childComplexity: number }) => 20 + childComplexity };
const moverOf = async ({ viewer }: ApiContext, reason: string): Promise<Mover> => ({
  actor: 'OPERATOR',
  personId: (await viewer()).id,
  reason,
});

/** Moves of rankers by hand. What a training does by itself is in flow/train-ranker.ts. */
@Resolver()
export class ModelMoveResolver {
  @Authorized('OPERATOR')
  @Mutation(() => ModelMoveResult.type, {
    ...cost,
    description:
      'Makes a ranker live. Without force it must beat popularity, and the live model where the two can be compared.',
  })
  promoteModel(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Arg('force', () => Boolean, { defaultValue: false }) force: boolean,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return ModelMoveResult.settle(async () => {
      const wanted = { id: context.ids.open('ModelVersion', id), force };
      return promoteModel(context.ports, wanted, await moverOf(context, reason));
    });
  }

  @Authorized('OPERATOR')
  @Mutation(() => ModelMoveResult.type, {
    ...cost,
    description: 'Lets a candidate answer beside the live ranker, unseen. One per catalogue.',
  })
  shadowModel(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return ModelMoveResult.settle(async () =>
      shadowModel(context.ports, context.ids.open('ModelVersion', id), await moverOf(context, reason)),
    );
  }

  @Authorized('OPERATOR')
  @Mutation(() => ModelMoveResult.type, { ...cost, description: 'Puts a candidate or a shadow away.' })
  retireModel(
    @Arg('id', () => ID) id: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return ModelMoveResult.settle(async () =>
      retireModel(context.ports, context.ids.open('ModelVersion', id), await moverOf(context, reason)),
    );
  }

  @Authorized('OPERATOR')
  @Mutation(() => ModelMoveResult.type, {
    ...cost,
    description: 'Makes the ranker live again that the live one replaced, in every server at once.',
  })
  rollBackModel(
    @Arg('catalogueId', () => ID) catalogueId: string,
    @Arg('reason', () => String) reason: string,
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return ModelMoveResult.settle(async () => {
      const catalogue = context.ids.open('Catalogue', catalogueId, ['catalogueId']);
      return rollBackModel(context.ports, catalogue, await moverOf(context, reason));
    });
  }
}

@Resolver(() => ModelVersion)
export class ModelVersionResolver {
  @Authorized('ANALYST')
  @FieldResolver(() => [ModelTransition], {
    complexity: pageCost(2),
    description: 'Changes of its state, newest first.',
  })
  async history(
    @Root() { id }: StoredModel,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Ctx() { loaders }: ApiContext,
  ): Promise<StoredTransition[]> {
    const moves = await loaders.modelHistory.load(id);
    return [...moves].reverse().slice(0, pageSize(first));
  }

  @Authorized('ANALYST')
  @FieldResolver(() => ModelShadow, {
    nullable: true,
    complexity: ({ childComplexity }) => 5 + childComplexity,
    description: 'What it did in the shadow; null if it never was there.',
  })
  shadow(@Root() { id }: StoredModel, @Ctx() { loaders }: ApiContext): Promise<ShadowCounts | null> {
    return loaders.modelShadows.load(id);
  }

  @FieldResolver(() => Json, { description: 'What differed from the rule when it was made.' })
  recipe(@Root() { recipe }: StoredModel): object {
    return recipe;
  }

  @FieldResolver(() => LearnedFrom, {
    nullable: true,
    description: 'Null for models that are older than this field.',
  })
  async learnedFrom(
    @Root() { learned }: StoredModel,
    @Ctx() { loaders }: ApiContext,
  ): Promise<object | null> {
    if (learned === null) return null;
    const { startedFrom, until } = learned;
    return {
      ...learned,
      until: new Date(until),
      startedFrom: startedFrom === null ? null : await loaders.models.load(startedFrom),
    };
  }
}

@Resolver(() => ModelTransition)
export class ModelTransitionResolver {
  @FieldResolver()
  async by(@Root() { personId }: StoredTransition, @Ctx() { loaders }: ApiContext): Promise<string | null> {
    if (personId === null) return null;
    return (await loaders.operators.load(personId))?.displayName ?? null;
  }
}
