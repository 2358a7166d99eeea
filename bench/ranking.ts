import { parseArgs } from 'node:util';
import { parseRecipeText } from '../src/domain/ranking/recipe.js';
import { fail, wholeNumber, wholeNumbers } from './arguments.js';
import { keptFigures, reportBench } from './bench-report.js';
import { cachedRun } from './cached-run.js';
import { meanFigures } from './mean-figures.js';
import { type Figures, rankingFigures } from './ranking-figures.js';
import { loadRankingSet, type Protocols, RANKING_SETS, type RankingSet } from './ranking-sets.js';
import { trainAndTell } from './train-and-tell.js';

const { values } = parseArgs({
  options: {
    dataset: { type: 'string' },
    recipe: { type: 'string', default: '' },
    seeds: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '900' },
    data: { type: 'string', default: '../shared/data' },
    'accept-old': { type: 'boolean', default: false },
  },
});
await main();

/** Every seed of one data set in turn, each from the cache where it was measured before; the table shows mean and spread. */
async function main(): Promise<void> {
  const name = values.dataset ?? '';
  const set = RANKING_SETS[name];
  if (set === undefined)
    fail(`--dataset: one of ${Object.keys(RANKING_SETS).join(', ')} was wanted, "${name}" came`);
  const seeds = wholeNumbers('seeds', values.seeds);
  const runs: Figures[] = [];
  for (const seed of seeds) {
    const figures = await figuresOf(name, set, seed);
    if (figures === null) return void process.stdout.write(`skipped: data not here (${set.folder})\n`);
    runs.push(figures);
    process.stderr.write(`${name}: ${runs.length} of ${seeds.length} seeds done\n`);
  }
  const others = keptFigures('ranking', (figure) => !figure.startsWith(`${name}.`));
  const own = { ...meanFigures(runs), [`${name}.seeds`]: seeds.length };
  reportBench('ranking', { ...others, ...own }, seeds[0]);
}

/** The published protocols, and the split by time where the source has times; each is trained on its own. */
async function figuresOf(name: string, set: RankingSet, seed: number): Promise<Figures | null> {
  const budgetSeconds = wholeNumber('seconds', values.seconds);
  const recipe = parseRecipeText(values.recipe);
  const numbered = await loadRankingSet(set, values.data, seed);
  if (numbered === null) return null;
  const splits: Protocols[] = set.hasTimes ? [set.protocols, ['T']] : [set.protocols];
  const figures: Figures = {};
  for (const protocols of splits) {
    const label = `${name} ${protocols.join('+')} seed ${seed}`;
    const key = `ranking ${label} seconds ${budgetSeconds} recipe ${values.recipe}`;
    const measured = await cachedRun({ key, acceptsOld: values['accept-old'] }, async () => {
      const options = { seed, budgetSeconds, recipe, protocols };
      return rankingFigures(name, await trainAndTell(numbered.data, options, label));
    });
    Object.assign(figures, measured);
  }
  return figures;
}
