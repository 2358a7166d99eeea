import { simulateAudience, type SimulatedLife } from '../../domain/simulating/simulate-audience.js';
import { createWorld, type SimulatedItem, type WorldShape } from '../../domain/simulating/world.js';
import { DEMO_PEOPLE } from './demo-people.js';

/** The parts that the attributes of the demo catalogue play in the simulation. */
export const DEMO_SHAPE: WorldShape = { theme: 'kind', family: 'group', style: 'style', colour: 'colour' };

const DAYS = 60;
const PEOPLE = 1_200;

/** The simulated audience of the demo catalogue: 1,200 people over 60 days, about 50,000 wanted items, one seed. */
export function demoAudience(
  items: readonly SimulatedItem[],
  { seed, end }: { readonly seed: number; readonly end: Date },
): Generator<SimulatedLife> {
  const world = createWorld(items, DEMO_SHAPE, { seed, days: DAYS });
  return simulateAudience(world, {
    seed,
    end,
    days: DAYS,
    people: PEOPLE,
    declared: DEMO_PEOPLE,
    loggedPages: 0.1,
  });
}
