import { Arg, Authorized, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { isFinished, type Job } from '../domain/job.js';
import type { Work } from '../domain/work.js';
import { estimateGeneration } from '../flow/estimate-generation.js';
import { offeredKinds } from '../flow/picture-kind-of.js';
import type { ApiContext } from './context.js';
import { GenerationEstimate, JobCost, PictureOffer } from './cost.types.js';
import { GeneratedKindEnum } from './enums.js';
import { GenerationJob } from './job.types.js';

const CURRENCY = 'USD';
const dollars = (millionths: number): number => millionths / 1_000_000;

@Resolver(() => GenerationJob)
export class CostResolver {
  @Authorized('VIEWER')
  @Query(() => GenerationEstimate, { complexity: 5, description: 'Changes nothing and reserves nothing.' })
  async estimateGeneration(
    @Arg('kind', () => GeneratedKindEnum, { defaultValue: 'IMAGE' }) kind: Work['kind'],
    @Arg('count', () => Int, { defaultValue: 1 }) count: number,
    @Ctx() { ports, viewer }: ApiContext,
  ): Promise<object> {
    const { amount, leftToday, model } = await estimateGeneration(ports, await viewer(), { kind, count });
    const affordable = amount <= leftToday;
    return {
      ...{ amount: dollars(amount), leftToday: dollars(leftToday), affordable, currency: CURRENCY, model },
    };
  }

  @Authorized('VIEWER')
  @Query(() => [PictureOffer], { description: 'The kinds of picture that can be asked for here.' })
  pictureOffers(@Ctx() { ports }: ApiContext): object[] {
    return offeredKinds(ports.imageMaker).map(({ price, ...offer }) => ({
      ...offer,
      amount: dollars(price),
      currency: CURRENCY,
    }));
  }

  @FieldResolver(() => JobCost)
  async cost(@Root() { id, status }: Job, @Ctx() { loaders }: ApiContext): Promise<object> {
    const { reserved, charged } = await loaders.jobCosts.load(id);
    const refunded = isFinished(status) ? reserved - charged : 0;
    return {
      ...{ reserved: dollars(reserved), charged: dollars(charged), refunded: dollars(refunded) },
      currency: CURRENCY,
    };
  }
}
