import { parseRecipeText } from '../src/domain/ranking/recipe.js';
import { fail, wholeNumber, wholeNumbers } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { keptFigures, reportBench } from './bench-report.js';
import { cachedRun } from './cached-run.js';
import { meanFigures } from './mean-figures.js';
import { type Figures, rankingFigures } from './ranking-figures.js';
import { loadRankingSet, type Protocols, RANKING_SETS, type RankingSet } from './ranking-sets.js';
import { trainAndTell } from './train-and-tell.js';

const values = benchOptions({
  dataset: { type: 'string' },
  recipe: { type: 'string', default: '' },
  seeds: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '900' },
  /** Only the split of these protocols, for example T; the figures of the other split are kept. */
  protocol: { type: 'string', default: '' },
  data: { type: 'string', default: '../shared/data' },
  'accept-old': { type: 'boolean', default: false },
});
await main();

/** Every seed of one data set in turn, each from the cache where it was measured before; the table shows mean and spread. */
async function main(): Promise<void> {
  const name = values.dataset ?? '';
  const set = RANKING_SETS[name];
  if (set === undefined)
    fail(`--dataset: one of ${Object.keys(RANKING_SETS).join(', ')} was wanted, "${name}" came`);
  splitsOf(set); // a wrong protocol is told before hours of work
  const seeds = wholeNumbers('seeds', values.seeds);
  const runs: Figures[] = [];
  for (const seed of seeds) {
    const figures = await figuresOf(name, set, seed);
    if (figures === null) return void process.stdout.write(`skipped: data not here (${set.folder})\n`);
    runs.push(figures);
    process.stderr.write(`${name}: ${runs.length} of ${seeds.length} seeds done\n`);
  }
  const days = Object.fromEntries(
    runs.flatMap((run) => Object.entries(run)).filter(([figure]) => isDay(figure)),
  );
  const [isMeasured, own] = [measuredHere(name, set), { ...meanFigures(runs.map(withoutDays)), ...days }];
  const others = keptFigures('ranking', (figure) => !isMeasured(figure));
  reportBench('ranking', { ...others, ...own, [`${name}.seeds`]: seeds.length }, seeds[0]);
}

/** Days are no figures to average: the last run's stands for all. */
function isDay(figure: string): boolean {
  return figure.endsWith('.day');
}

function withoutDays(run: Figures): Figures {
  return Object.fromEntries(Object.entries(run).filter(([figure]) => !isDay(figure)));
}

function splitsOf({ protocols, hasTimes }: RankingSet): Protocols[] {
  const all: Protocols[] = hasTimes ? [protocols, ['T']] : [protocols];
  const wanted = values.protocol;
  if (wanted === '') return all;
  const chosen = all.filter((one) => one.some((protocol) => protocol === wanted));
  if (chosen.length === 0) fail(`--protocol: one of ${all.flat().join(', ')} was wanted, "${wanted}" came`);
  return chosen;
}

/** Which figures of the file this run replaces: those of the set, and of one split only if only one was asked for. */
function measuredHere(name: string, set: RankingSet): (figure: string) => boolean {
  const isByTime = (figure: string) => figure.startsWith(`${name}.T.`);
  const [first, second] = splitsOf(set);
  if (second !== undefined || !set.hasTimes) return (figure) => figure.startsWith(`${name}.`);
  if (first?.[0] === 'T') return isByTime;
  return (figure) => figure.startsWith(`${name}.`) && !isByTime(figure);
}

/** The published protocols, and the split by time where the source has times; each is trained on its own. */
async function figuresOf(name: string, set: RankingSet, seed: number): Promise<Figures | null> {
  const budgetSeconds = wholeNumber('seconds', values.seconds);
  const recipe = parseRecipeText(values.recipe);
  const numbered = await loadRankingSet(set, values.data, seed);
  if (numbered === null) return null;
  const figures: Figures = {};
  for (const protocols of splitsOf(set)) {
    const label = `${name} ${protocols.join('+')} seed ${seed}`;
    const key = `ranking ${label} seconds ${budgetSeconds} recipe ${values.recipe}`;
    const measured = await cachedRun({ key, acceptsOld: values['accept-old'] }, async () => {
      const { preferences } = numbered;
      const options = { seed, budgetSeconds, recipe, protocols, preferences };
      const today = new Date().toISOString().slice(0, 10);
      return rankingFigures(name, await trainAndTell(numbered.data, options, label), today);
    });
    Object.assign(figures, measured);
  }
  return figures;
}
