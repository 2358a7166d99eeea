import { parseRecipeText } from '../src/domain/ranking/recipe.js';
import type { TrainedAll } from '../src/domain/ranking/train-all.js';
import { ABLATION_ROWS } from './ablation-rows.js';
import { fail, wholeNumber, wholeNumbers } from './arguments.js';
import { benchOptions } from './bench-options.js';
import { keptFigures, reportBench } from './bench-report.js';
import { cachedRun } from './cached-run.js';
import { meanFigures } from './mean-figures.js';
import type { Figures } from './ranking-figures.js';
import { loadRankingSet, RANKING_SETS } from './ranking-sets.js';
import { trainAndTell } from './train-and-tell.js';

const CONTESTANTS = ['trunk', 'codes', 'fusion'] as const;

const values = benchOptions({
  dataset: { type: 'string', default: 'ml-100k' },
  rows: { type: 'string', default: '' },
  seeds: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '120' },
  data: { type: 'string', default: '../shared/data' },
  'accept-old': { type: 'boolean', default: false },
});
await main();

async function main(): Promise<void> {
  const name = values.dataset;
  if (RANKING_SETS[name] === undefined)
    fail(`--dataset: one of ${Object.keys(RANKING_SETS).join(', ')} was wanted, "${name}" came`);
  const rows = chosenRows();
  const seeds = wholeNumbers('seeds', values.seeds);
  const prefix = `ablation.${name}.`;
  for (const [index, [row, recipe]] of rows.entries()) {
    process.stderr.write(`${name}: row ${index + 1} of ${rows.length}, ${row}\n`);
    const runs: Figures[] = [];
    for (const seed of seeds) {
      const figures = await figuresOf(name, recipe, seed);
      if (figures === null) return void process.stdout.write(`skipped: data not here (${name})\n`);
      runs.push(figures);
    }
    const own = prefixed(`${prefix}${row}`, meanFigures(runs));
    // after every row, so that a table of the rows so far is there if it is stopped
    const others = keptFigures('ablation', (figure) => !figure.startsWith(`${prefix}${row}.`));
    reportBench('ablation', inOrder({ ...others, ...own, [`${prefix}seeds`]: seeds.length }), seeds[0]);
  }
}

function chosenRows(): typeof ABLATION_ROWS {
  if (values.rows === '') return ABLATION_ROWS;
  return values.rows.split(',').map((wanted) => {
    const row = ABLATION_ROWS.find(([name]) => name === wanted.trim());
    return (
      row ??
      fail(`--rows: some of ${ABLATION_ROWS.map(([name]) => name).join(', ')} was wanted, "${wanted}" came`)
    );
  });
}

async function figuresOf(name: string, recipe: string, seed: number): Promise<Figures | null> {
  const set = RANKING_SETS[name];
  const numbered = set && (await loadRankingSet(set, values.data, seed));
  if (!set || !numbered) return null;
  const budgetSeconds = wholeNumber('seconds', values.seconds);
  const [first] = set.protocols;
  const label = `ablation ${name} ${first} seed ${seed} seconds ${budgetSeconds} recipe ${recipe}`;
  return cachedRun({ key: label, acceptsOld: values['accept-old'] }, async () => {
    const { data, preferences } = numbered;
    const options = { seed, budgetSeconds, preferences, recipe: parseRecipeText(recipe) };
    return rowFigures(await trainAndTell(data, { ...options, protocols: [first] }, label));
  });
}

function rowFigures({ reports: [report], fusions: [fitted], seconds }: TrainedAll): Figures {
  const figures: Figures = {
    validation: fitted?.validation ?? 0,
    seconds: Object.values(seconds).reduce((sum, one) => sum + one, 0),
  };
  for (const name of CONTESTANTS) {
    const own = report?.contestants[name];
    if (own === undefined) continue;
    figures[`${name}.R10`] = own.R10;
    figures[`${name}.N10`] = own.N10;
    const took = name === 'fusion' ? undefined : seconds[name];
    if (took !== undefined) figures[`${name}.seconds`] = took;
  }
  return figures;
}

function prefixed(prefix: string, figures: Figures): Figures {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [`${prefix}.${name}`, value]));
}

/** Rows as in the table above, whichever was measured last. */
function inOrder(figures: Figures): Figures {
  const place = (figure: string) => {
    const index = ABLATION_ROWS.findIndex(([row]) => figure.split('.')[2] === row);
    return index < 0 ? ABLATION_ROWS.length : index;
  };
  return Object.fromEntries(Object.entries(figures).sort(([a], [b]) => place(a) - place(b)));
}
