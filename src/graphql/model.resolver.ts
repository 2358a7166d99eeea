import { Arg, Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { ModelRole, ModelState, ModelVersion as StoredModel } from '../domain/model-version.js';
import type { ApiContext } from './context.js';
import { ModelRoleEnum, ModelStateEnum } from './enums.js';
import { onlyGiven } from './given.js';
import { ModelVersion } from './model.types.js';

@Resolver()
export class ModelResolver {
  @Authorized('ANALYST')
  @Query(() => [ModelVersion], { description: 'Newest first, with what each was measured at.' })
  models(
    @Arg('role', () => ModelRoleEnum, { nullable: true }) role: ModelRole | null,
    @Arg('state', () => ModelStateEnum, { nullable: true }) state: ModelState | null,
    @Ctx() { ports }: ApiContext,
  ): Promise<StoredModel[]> {
    return ports.stores.models.list(onlyGiven({ role, state }));
  }
}
