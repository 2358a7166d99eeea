import { DomainError } from '../errors.js';
import { TUNING_EXTENTS } from './objectives/tuned-parameters.js';
import { TOKENIZER_NAMES } from '../semantic-ids/tokenizer.js';
import { DIFFUSIONS } from './diffusion-objective.js';
import { DECODINGS } from './decoding-rule.js';
import { PART_NAMES } from './part.js';

/** One choice: what it takes, in words, and how a given value becomes one; undefined when it does not. */
interface Choice<T> {
  readonly wanted: string;
  readonly help: string;
  readonly read: (given: unknown) => T | undefined;
}

const oneOf = <const T extends string>(options: readonly T[], help: string): Choice<T> => ({
  wanted: `one of ${options.join(', ')}`,
  help,
  read: (given) => options.find((option) => option === given),
});

const someOf = <const T extends string>(options: readonly T[], help: string): Choice<readonly T[]> => ({
  wanted: `some of ${options.join('+')}`,
  help,
  read(given) {
    const names: readonly unknown[] = Array.isArray(given) ? given : String(given).split('+');
    const found = names.map((name) => options.find((option) => option === name));
    return found.length > 0 && found.every((one) => one !== undefined) ? found : undefined;
  },
});

const number = (low: number, high: number, help: string, isWhole: boolean): Choice<number> => ({
  wanted: `${isWhole ? 'a whole number' : 'a number'} from ${low} to ${high}`,
  help,
  read(given) {
    const value = given === '' || given === null ? NaN : Number(given);
    return value >= low && value <= high && (!isWhole || Number.isInteger(value)) ? value : undefined;
  },
});
const whole = (low: number, high: number, help: string) => number(low, high, help, true);

/** How a ranker can be made. A row per choice: CLI, GraphQL and the ablation read their options from here. */
export const RECIPE_CHOICES = {
  parts: someOf(PART_NAMES, 'parts to train; popularity and ItemKNN are always there'),
  block: oneOf(['transformer', 'gated', 'hstu', 'hstu-pointwise'], 'kind of the trunk’s blocks'),
  blocks: whole(1, 16, 'depth of the trunk'),
  width: whole(16, 512, 'numbers per item in the trunk, a multiple of 16'),
  start: oneOf(['fresh', 'live'], 'weights to start from: none, or those of the live model where shapes fit'),
  learn: oneOf(
    ['all', 'new'],
    'what to learn: everything, or what came after the live model with a replay of the rest',
  ),
  objective: oneOf(
    ['next-item', 'contrastive', 'dpo', 'softmax-dpo', 'sprec', 'rosepo', 'policy-gradient'],
    'what a second stage teaches the trunk; next-item has one only with tune, on the newest events',
  ),
  tune: oneOf(TUNING_EXTENTS, 'numbers of the trunk that a second stage may move; all when left out'),
  beta: number(0.001, 10, 'dpo, softmax-dpo, sprec, rosepo: how hard a preference pulls', false),
  negatives: whole(1, 64, 'softmax-dpo, sprec, rosepo: rejected items beside each chosen one'),
  smoothing: number(0, 0.49, 'rosepo: share of the preferences thought wrong', false),
  contrast: number(0, 10, 'contrastive: weight beside the next-item loss', false),
  kl: number(0.001, 1000, 'policy-gradient: reward that one nat of distance has to earn', false),
  diffusion: oneOf(DIFFUSIONS, 'trains the diffusion part, with this loss'),
  diffusionSteps: whole(1, 200, 'steps from noise to an imagined item'),
  guidance: number(0, 10, 'how far diffusion moves from anybody’s taste to the person’s', false),
  tokenizer: oneOf(TOKENIZER_NAMES, 'how items become codes'),
  decoding: oneOf(
    ['auto', ...DECODINGS],
    'how codes become items: all scored, beams, or a draft of neighbours that is proven; auto: the cheaper of the first two',
  ),
  distil: oneOf(
    ['on', 'off'],
    'teach a decoder of a quarter of the width, which answers where nothing is lost',
  ),
  timeBias: oneOf(
    ['on', 'off', 'auto'],
    'attention knows how long ago things were; auto: where times are real',
  ),
  positionBias: oneOf(['on', 'off'], 'attention knows how many items back things were'),
  actions: oneOf(['on', 'off'], 'tokens say what was done: clicked, rated highly, bought'),
  goals: oneOf(
    ['on', 'off'],
    'an answer can be asked for what it is wanted for: a click, a favourite, a high rating',
  ),
  interests: whole(1, 4, 'vectors that ask for the next item, of which the nearest counts'),
  reasoningSteps: whole(0, 4, 'times the trunk thinks on before it answers'),
  reasoning: oneOf(
    ['steps', 'residual'],
    'answer with the mean of the thoughts, or let each correct the one before',
  ),
  reasoningLoss: oneOf(
    ['answer', 'progressive'],
    'what the trunk is taught by when it thinks on: its answer, or every step, more strictly from one to the next',
  ),
} satisfies Record<string, Choice<unknown>>;

type Choices = typeof RECIPE_CHOICES;
export type RecipeChoice = keyof Choices;

/** What differs from the rule. Everything left out follows from the data. */
export type RankerRecipe = {
  readonly [K in RecipeChoice]?: Choices[K] extends Choice<infer T> ? T : never;
};

/** Checks choices that came from outside; all that is wrong is told at once. `path` says where the caller gave them. */
export function parseRecipe(
  given: Readonly<Record<string, unknown>>,
  path: readonly string[] = ['recipe'],
): RankerRecipe {
  const wrong: string[] = [];
  const recipe: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const choice = (RECIPE_CHOICES as Readonly<Partial<Record<string, Choice<unknown>>>>)[name];
    const read = choice?.read(value);
    if (choice === undefined)
      wrong.push(`${name}: one of ${Object.keys(RECIPE_CHOICES).join(', ')} was wanted`);
    else if (read === undefined) wrong.push(`${name}: ${choice.wanted} was wanted, "${String(value)}" came`);
    else recipe[name] = read;
  }
  if (wrong.length > 0) throw new DomainError('INVALID_INPUT', wrong.join('; '), { path });
  return recipe;
}

/** `block=hstu,blocks=4,parts=trunk+codes`, as a command line has it. */
export function parseRecipeText(text: string): RankerRecipe {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return pair.trim() === '' ? [] : [[pair.slice(0, Math.max(at, 0)).trim(), pair.slice(at + 1).trim()]];
  });
  return parseRecipe(Object.fromEntries(pairs) as Record<string, string>);
}
