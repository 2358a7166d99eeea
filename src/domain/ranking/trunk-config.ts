import { DomainError } from '../errors.js';
import type { RankingData } from './part.js';
import type { RankerRecipe } from './recipe.js';
import type { TrunkConfig } from './trunk.js';

/** Median history from which a set counts as one of long histories (Amazon sets: 6, MovieLens: 96). */
const LONG_HISTORY = 40;
/** Events from which the wider model pays. */
const MANY_EVENTS = 120_000;
/** Events of long histories from which four blocks of width 128 pay: of MovieLens-1M, read twice, they know more than two of width 64. */
const VERY_MANY_EVENTS = 500_000;

/** Steps of an epoch to aim at: with 130, Beauty takes 8 epochs to its best validation score. */
const STEPS_PER_EPOCH = 130;

/** Rows of a batch: tokens of an epoch / 130, between 512 (smaller steps cost more than they teach) and 4,096 tokens. */
export function rowsFor({ sequences }: Pick<RankingData, 'sequences'>, history: number): number {
  const tokens = sequences.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0);
  const perStep = Math.max(512, Math.min(4096, tokens / STEPS_PER_EPOCH));
  return Math.max(2, Math.round(perStep / history));
}

export type TrunkData = Pick<RankingData, 'itemCount' | 'sequences' | 'times' | 'actions'>;

/**
 * The trunk by rule from the data. Short histories: one block is enough and more overfits (eSASRec); heavy dropout. Long ones: 200
 * items of history, gated blocks, which do not collapse with depth; more and wider ones for half a million events (`npm run bench:scaling`:
 * validation N@10 after two epochs 0.143 for 64 x 2, 0.161 for 128 x 4).
 */
export function trunkConfigFor(data: TrunkData, choices: RankerRecipe = {}): TrunkConfig {
  const rule = ruleFor(data);
  return {
    itemCount: data.itemCount,
    ...rule,
    width: choices.width ?? rule.width,
    blocks: choices.blocks ?? rule.blocks,
    block: choices.block ?? rule.block,
    temperature: 0.05,
    ...abilities(data, choices),
  };
}

function ruleFor({ sequences }: TrunkData) {
  const lengths = sequences.map(({ length }) => length).sort((a, b) => a - b);
  const events = lengths.reduce((a, b) => a + b, 0);
  const isLong = (lengths[lengths.length >> 1] ?? 0) >= LONG_HISTORY;
  if (isLong) {
    const size = events < VERY_MANY_EVENTS ? { width: 64, blocks: 2 } : { width: 128, blocks: 4 };
    return { ...size, heads: 2, block: 'gated', history: 200, dropout: 0.2 } as const;
  }
  const width = events < MANY_EVENTS ? 64 : 128;
  return { width, blocks: 1, heads: 1, block: 'transformer', history: 50, dropout: 0.3 } as const;
}

/**
 * Only what is on is named, so that a plain trunk is the one it always was. The time bias is on wherever times are real: on
 * MovieLens-100K it brings validation from 0.1178 to 0.1267 N@10.
 */
function abilities(data: TrunkData, choices: RankerRecipe): Partial<TrunkConfig> {
  const { interests = 1, reasoningSteps: steps = 0, reasoning: kind = 'steps' } = choices;
  assertData(data, choices);
  const hasTimes = data.times !== undefined && choices.timeBias !== 'off';
  const chosen = (['positionBias', 'actions', 'goals'] as const).filter((name) => choices[name] === 'on');
  return {
    ...(hasTimes && { timeBias: true }),
    ...Object.fromEntries(chosen.map((name) => [name, true])),
    ...(interests > 1 && { interests }),
    ...(steps > 0 && { reasoning: { steps, kind } }),
  };
}

/** What was asked for by name must be possible: a ranker that silently left it out would be judged for something it is not. */
function assertData({ times, actions }: TrunkData, choices: RankerRecipe): void {
  const wanting = (['timeBias', 'actions', 'goals'] as const).filter(
    (name) => choices[name] === 'on' && (name === 'timeBias' ? times : actions) === undefined,
  );
  if (wanting.length === 0) return;
  throw new DomainError(
    'INVALID_INPUT',
    wanting
      .map(
        (name) => `${name}: ${name === 'timeBias' ? 'real times' : 'actions'} were wanted, the data has none`,
      )
      .join('; '),
    { path: ['recipe'] },
  );
}
