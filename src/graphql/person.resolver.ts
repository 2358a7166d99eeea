import { Arg, Authorized, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Facet, Person } from '../domain/person.js';
import { adjustProfile, type FacetChange } from '../flow/adjust-profile.js';
import { setConsent } from '../flow/set-consent.js';
import { tasteProfile, type TasteProfile as StoredProfile } from '../flow/taste-profile.js';
import type { ApiContext } from './context.js';
import { ifGiven, onlyGiven } from './given.js';
import type { IdSeal } from './ids.js';
import { pageSize } from './page-size.js';
import { DemoPerson, FacetInput, ProfileResult, TasteFacet, TasteProfile, Viewer } from './person.types.js';

const DEMO_PEOPLE = 100;

@Resolver(() => Viewer)
export class ViewerResolver {
  @Authorized('VIEWER')
  @Query(() => Viewer)
  viewer(@Ctx() context: ApiContext): Promise<Person> {
    return context.viewer();
  }

  @FieldResolver()
  simulated(@Root() { kind }: Person): boolean {
    return kind === 'SIMULATED';
  }

  @FieldResolver()
  profile(@Root() person: Person, @Ctx() { ports }: ApiContext): Promise<StoredProfile> {
    return tasteProfile(ports, person);
  }
}

@Resolver(() => TasteProfile)
export class ProfileResolver {
  @FieldResolver()
  facets(
    @Root() { facets }: StoredProfile,
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
  ): readonly Facet[] {
    return facets.slice(0, pageSize(first));
  }

  @Authorized('VIEWER')
  @Mutation(() => ProfileResult.type, { description: 'All changes together, or none.' })
  adjustProfile(
    @Arg('input', () => [FacetInput]) input: FacetInput[],
    @Ctx() context: ApiContext,
  ): Promise<object> {
    return ProfileResult.settle(async () => {
      const changes = input.map((change, index) => facetChange(change, index, context.ids));
      return { profile: await adjustProfile(context.ports, await context.viewer(), changes) };
    });
  }

  @Authorized('VIEWER')
  @Mutation(() => ProfileResult.type, { description: 'What is left out stays as it is.' })
  setConsent(
    @Arg('personalisation', () => Boolean, { nullable: true }) personalisation: boolean | null,
    @Arg('trainingUse', () => Boolean, { nullable: true }) trainingUse: boolean | null,
    @Ctx() { ports, viewer }: ApiContext,
  ): Promise<object> {
    return ProfileResult.settle(async () => ({
      profile: await setConsent(ports, await viewer(), onlyGiven({ personalisation, trainingUse })),
    }));
  }
}

@Resolver(() => TasteFacet)
export class TasteFacetResolver {
  @FieldResolver()
  label(@Root() { value }: Facet): string {
    return value;
  }
}

@Resolver(() => DemoPerson)
export class DemoPersonResolver {
  @Query(() => [DemoPerson], {
    description: 'Simulated people whom one may look through in development; empty in production.',
  })
  async demoPeople(@Ctx() { ports, development }: ApiContext): Promise<Person[]> {
    if (!development) return [];
    const people = await ports.stores.people.withAbout(DEMO_PEOPLE);
    return people.filter(({ kind }) => kind === 'SIMULATED');
  }

  @FieldResolver()
  id(@Root() { id }: Person, @Ctx() { ids }: ApiContext): string {
    return ids.seal('Person', id);
  }
}

function facetChange({ facetId, ...input }: FacetInput, index: number, ids: IdSeal): FacetChange {
  const opened = ifGiven(facetId, (id) => ids.open('Facet', id, ['input', String(index), 'facetId']));
  return { ...onlyGiven(input), ...onlyGiven({ facetId: opened }) };
}
