import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { BenchReport } from './bench-report.js';
import { rankingTables } from './ranking-tables.js';

/** One section of docs/benchmarks.md: how its figures are made, and how they are laid out. */
interface Section {
  readonly bench: string;
  readonly title: string;
  readonly command: string;
  readonly note: string;
  readonly table: (figures: Readonly<Record<string, number>>) => string;
}

const SECTIONS: readonly Section[] = [
  {
    bench: 'ranking',
    title: 'Ranking',
    command: 'npm run bench:ranking -- --dataset beauty|ml-1m|ml-100k|ml-latest-small --seeds 1,2,3',
    note: 'Recall and NDCG over the whole catalogue, ties counted half. A1: leave-one-out, history up to 50, seen items removed; A2: the same with seen items kept; M4: leave-one-out, history up to 200; T: global time split, test from the day 90 % of the events are over; the closed-form parts learn all that came before. Validation chooses every setting, the test questions are answered once. Coverage: share of the catalogue in anybody’s top 10; novelty: mean −log2 of the share of people who know what is shown; gini: 0 = every item is shown alike, 1 = one item gets everything. Seconds are wall-clock on machines that were doing other work as well (MovieLens-1M: 2,700 s a seed on one core, MovieLens-100K 100 s, latest-small 60); Beauty’s three seeds ran side by side, each on one core of a server, where the codes were stopped by the clock at their seventh epoch.',
    table: rankingTables,
  },
  {
    bench: 'ablation',
    title: 'What each choice brings',
    command: 'npm run bench:ablation -- --dataset ml-100k --seconds 90',
    note: 'One row, one recipe, all with the same seed and 90 s on one core of the same server, beside light work; the difference is N@10 of the fusion to the first row. The clock stops trunk and codes of most rows, so this is what a choice brings in equal time. “By rule” and “gated blocks” are the same recipe here: read what differs by less than 0.006 as noise. Rows of equal figures are choices that validation left out of the answer: the three diffusion losses got no weight in the fusion, contrast and policy gradient were undone.',
    table: ablationTables,
  },
  {
    bench: 'scaling',
    title: 'Scaling',
    command: 'npm run bench:scaling',
    note: 'MovieLens-1M, read twice by each of six sizes of the trunk (gated blocks; weights without the tables of items and positions); the loss is that of the next item among all, on validation. Seconds are wall-clock beside other work; 32x3 stood still for minutes meanwhile.',
    table: scalingTables,
  },
  {
    bench: 'diffusion',
    title: 'Diffusion',
    command: 'npm run bench:diffusion',
    note: 'MovieLens-100K, the three losses on one frozen trunk; the test figures; those of steps and guidance on validation are in `bench/results/diffusion.json`, and in words in docs/ranking/diffusion.md.',
    table: (figures) => plainTable(onlyTest(figures)),
  },
  {
    bench: 'serving',
    title: 'Serving and decoding',
    command: 'npm run bench:serving` and `npm run bench:decoding',
    note: 'Serving: a ranker of all parts trained on Beauty, history of 50, best 400 items, 12,101 items; wanted are rankP50Ms 5, rankP99Ms 20, batch1000Ms 2,000, eventToAnswerP95Ms 50. Decoding: synthetic codes, one thread, processor time of 64 beams (beamMs) beside exact scoring.',
    table: plainTable,
  },
  {
    bench: 'usable',
    title: 'From nothing to a live ranker',
    command: 'npm run bench:usable',
    note: 'MovieLens-100K into an empty folder by the commands import and train, start-up included; wanted is usableSeconds 120 and peaks below 4,000 MB (of the Node process).',
    table: plainTable,
  },
  {
    bench: 'engine',
    title: 'Engine',
    command: 'npm run bench:engine',
    note: 'One training step (forward, backward, AdamW in the graph); the peak is a large matrix product on the same machine in the same run.',
    table: plainTable,
  },
  {
    bench: 'images',
    title: 'Pictures',
    command: 'npm run bench:images',
    note: 'The built-in model on ideas of the demo art in all styles, judged by a classifier that learned from other drawings (classifierOnUnseenArt: how often it names real drawings that it never saw); frechetRatio is against the first model on the same ideas. Wanted are classifierAgreement 0.8, frechetRatio 0.5, nearCopyShare below 0.02, ownPicturePreferred 0.75, secondsForFour 20 (processor seconds are those of both cores).',
    table: plainTable,
  },
  {
    bench: 'gallery',
    title: 'Gallery',
    command: 'npm run bench:gallery',
    note: 'Pages of 30 works with three filters, ten pages deep, over generated rows; wanted is pageP95Ms 80 at a million rows. Each page is asked for three times and the least counts (firstTry: the first), since other work ran on the machine; grouped are stacks of near-equals.',
    table: plainTable,
  },
  {
    bench: 'chaos',
    title: 'Jobs under chaos',
    command: 'npm run test:chaos -- --kills 300 --restarts 20 --cuts 50 --every 900',
    note: 'Real workers and servers that are killed, databases that are restarted, connections that are cut; whatever is lost, doubled, stuck or out of order is counted. Wanted is 0 of each.',
    table: plainTable,
  },
  {
    bench: 'jobs',
    title: 'Queue',
    command: 'npm run bench:jobs',
    note: 'Jobs that do nothing, through the whole queue; wanted are 500 a second, and at most one query a second of an idle worker.',
    table: plainTable,
  },
  {
    bench: 'distil',
    title: 'A small decoder and drafts',
    command: 'npm run bench:distil -- --people 300 --last 60 --width 32 --words off --epochs 5',
    note: 'MovieLens-100K, a part of the people: a decoder of a quarter of the width against its teacher (it serves only if it is not worse for sure), and how much of the exact list is drafted by neighbours and by popularity.',
    table: plainTable,
  },
];

writeFileSync('docs/benchmarks.md', page());

function page(): string {
  const head = `# Benchmarks

Every figure here was printed by a command of this repository and is kept in \`bench/results\`; this page is made from those files by
\`npm run bench:page\`. Machines differ and were not idle: compare ratios, not seconds.
`;
  return `${[head, ...SECTIONS.map(section)].join('\n')}\n`;
}

function section({ bench, title, command, note, table }: Section): string {
  const file = `bench/results/${bench}.json`;
  if (!existsSync(file)) return `## ${title}\nNot measured yet: \`${command}\`.\n`;
  const { figures, seed, machine, date } = JSON.parse(readFileSync(file, 'utf8')) as BenchReport;
  return `## ${title}\n\`${command}\`, seed ${seed}, ${machine}, ${date}.\n\n${note}\n\n${table(figures)}\n`;
}

function onlyTest(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).filter(([name]) => name.includes('.test.')));
}

/** Every row beside the first one, which is what the rule makes of the data. */
function ablationTables(figures: Readonly<Record<string, number>>): string {
  const sets = new Set(Object.keys(figures).map((name) => name.split('.')[1] ?? ''));
  return [...sets].map((set) => ablationTable(set, figures)).join('\n\n');
}

function ablationTable(set: string, figures: Readonly<Record<string, number>>): string {
  const prefix = `ablation.${set}.`;
  const names = Object.keys(figures).filter(
    (name) => name.startsWith(prefix) && name.endsWith('.fusion.N10'),
  );
  const rows = names.map((name) => name.slice(prefix.length, -'.fusion.N10'.length));
  const [first = ''] = rows;
  const of = (row: string, figure: string) => figures[`${prefix}${row}.${figure}`];
  const lines = rows.map((row) => {
    const cells = ['trunk', 'codes', 'fusion'].flatMap((part) =>
      ['R10', 'N10'].map((metric) => of(row, `${part}.${metric}`)?.toFixed(4) ?? ''),
    );
    const gain = (of(row, 'fusion.N10') ?? 0) - (of(first, 'fusion.N10') ?? 0);
    const difference = row === first ? '' : `${gain >= 0 ? '+' : '−'}${Math.abs(gain).toFixed(4)}`;
    const [validation, seconds] = [of(row, 'validation')?.toFixed(4), of(row, 'seconds')?.toFixed(0)];
    return `| ${[row, ...cells, difference, validation ?? '', seconds ?? ''].join(' | ')} |`;
  });
  const head =
    '| | trunk R@10 | N@10 | codes R@10 | N@10 | fusion R@10 | N@10 | difference | on validation | seconds |';
  const seeds = figures[`${prefix}seeds`] ?? 1;
  return [
    `### ${set}, ${seeds === 1 ? 'one seed' : `mean of ${seeds} seeds`}`,
    head,
    `|${' --- |'.repeat(10)}`,
    ...lines,
  ].join('\n');
}

function scalingTables(figures: Readonly<Record<string, number>>): string {
  const set = Object.keys(figures)[0]?.split('.')[1] ?? '';
  const prefix = `scaling.${set}.`;
  const names = Object.keys(figures).filter((name) => name.endsWith('.weights'));
  const lines = names.map((name) => {
    const row = name.slice(prefix.length, -'.weights'.length);
    const of = (figure: string) => figures[`${prefix}${row}.${figure}`];
    const cells = [of('weights')?.toFixed(0), of('loss')?.toFixed(4), of('N10')?.toFixed(4), of('epochs')?.toFixed(0), of('seconds')?.toFixed(0)]; // prettier-ignore
    return `| ${[row, ...cells].join(' | ')} |`;
  });
  const [a, b, c, r2] = ['a', 'b', 'c', 'r2'].map((name) => figures[`${prefix}${name}`]?.toPrecision(3));
  return [
    `loss = ${a} · N^−${b} + ${c} on ${set}, R² = ${r2}.\n`,
    '![Loss over size](images/scaling.svg)\n',
    '| width x blocks | weights without embeddings | validation loss | validation N@10 | epochs to the best | seconds |',
    `|${' --- |'.repeat(6)}`,
    ...lines,
  ].join('\n');
}

function plainTable(figures: Readonly<Record<string, number>>): string {
  const rows = Object.entries(figures).map(([name, value]) => `| ${name} | ${value} |`);
  return ['| figure | value |', '| --- | --- |', ...rows].join('\n');
}
