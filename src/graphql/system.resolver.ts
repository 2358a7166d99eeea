import { Ctx, Query, Resolver } from 'type-graphql';
import type { ApiContext } from './context.js';
import { RateLimit } from './system.types.js';

@Resolver()
export class SystemResolver {
  @Query(() => RateLimit, { description: 'What is left after this operation was counted.' })
  rateLimit(@Ctx() { rate }: ApiContext): object {
    const { limit, remaining, resetAt, cost } = rate();
    return { limit, remaining, resetAt, costOfThisOperation: cost };
  }
}
