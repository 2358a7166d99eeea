import { simulateAudience } from '../../domain/simulating/simulate-audience.js';
import { createWorld, type WorldShape } from '../../domain/simulating/world.js';
import type { DemoWorld } from '../../flow/ports.js';
import type { DemoStyle } from './art.js';
import { demoItems } from './demo-items.js';
import { DEMO_PEOPLE } from './demo-people.js';

/** The parts that the attributes of the demo catalogue play in the simulation. */
export const DEMO_SHAPE: WorldShape = { theme: 'kind', family: 'group', style: 'style', colour: 'colour' };

const SEED = 1;
const DAYS = 60;

/** 'full' is what people see; 'small' has the same shape in a tenth of the size, for tests and slow machines; 'none' is empty. */
const SIZES = {
  full: { styles: ['flat', 'soft', 'crisp'], groups: null, people: 1_200 },
  small: { styles: ['flat'], groups: ['animals and nature', 'food and drink'], people: 150 },
  none: { styles: [], groups: [], people: 0 },
} as const satisfies Record<string, Size>;

interface Size {
  readonly styles: readonly DemoStyle['style'][];
  readonly groups: readonly string[] | null;
  readonly people: number;
}

/** The built-in world: 4,309 stickers, and 1,200 people who want about 50,000 of them over 60 days. One seed, one world. */
export function demoWorld(wanted: keyof typeof SIZES): DemoWorld {
  const size: Size = SIZES[wanted];
  return {
    catalogue: { key: 'demo', name: 'Sticker market', domain: 'stickers', language: 'en' },
    items: () => demoItems(size),
    audience(items, end) {
      const world = createWorld(items, DEMO_SHAPE, { seed: SEED, days: DAYS });
      const declared = DEMO_PEOPLE.filter(({ taste }) =>
        taste.themes.some((theme) => world.themes.has(theme)),
      );
      const { people } = size;
      return simulateAudience(world, { seed: SEED, end, days: DAYS, people, declared, loggedPages: 0.1 });
    },
  };
}
