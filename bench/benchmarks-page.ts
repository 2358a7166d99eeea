import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { BenchReport } from './bench-report.js';

/** One section of docs/benchmarks.md: how its figures are made, and how they are laid out. */
interface Section {
  readonly bench: string;
  readonly title: string;
  readonly command: string;
  readonly note: string;
  readonly table: (figures: Readonly<Record<string, number>>) => string;
}

const PARTS = { popularity: 'popularity', itemknn: 'ItemKNN + recency', ease: 'EASE + recency', trunk: 'sequence trunk', codes: 'semantic codes', fusion: '**fusion**' } as const; // prettier-ignore
const METRICS = ['R5', 'R10', 'N5', 'N10'] as const;

/** Published numbers under the same protocol, R@10 / N@10; sources are named in the text under the tables. */
const PEERS: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  'beauty.A1': [
    ['SASRec, one negative (S3-Rec table)', '0.0605', '0.0318'],
    ['SASRec + sampled softmax (eSASRec paper)', '0.0921', '0.0531'],
  ],
  'beauty.A2': [
    ['TIGER (paper)', '0.0648', '0.0384'],
    ['RPG (paper)', '0.0809', '0.0464'],
  ],
  'ml-1m.M4': [['SASRec with full cross-entropy (3,416-item file)', '0.3152', '0.1821']],
};

const SECTIONS: readonly Section[] = [
  {
    bench: 'ranking',
    title: 'Ranking',
    command: 'npm run bench:ranking -- --dataset beauty|ml-1m|ml-100k',
    note: 'Recall and NDCG over the whole catalogue, ties counted half. A1: leave-one-out, history up to 50, seen items removed; A2: the same with seen items kept; M4: leave-one-out, history up to 200; T: global time split. Validation chooses every setting, the test questions are answered once. Seconds are wall-clock on a machine that was doing other work as well.',
    table: rankingTables,
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
    note: 'The built-in model on a fixed list of briefs, half of them combinations that no drawing shows.',
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

function rankingTables(figures: Readonly<Record<string, number>>): string {
  const sets = [...new Set(Object.keys(figures).map((name) => name.split('.').slice(0, 2).join('.')))];
  const judged = sets.filter((set) => figures[`${set}.popularity.N10`] !== undefined);
  return judged.map((set) => rankingTable(set, figures)).join('\n\n');
}

function rankingTable(set: string, figures: Readonly<Record<string, number>>): string {
  const [dataset = '', protocol = ''] = set.split('.');
  const rows = Object.entries(PARTS).flatMap(([part, name]) => {
    const cells = METRICS.map((metric) => figures[`${set}.${part}.${metric}`]);
    if (cells[1] === undefined) return [];
    const seconds = figures[`${dataset}.seconds.${part}`] ?? figures[`${dataset}.${part}.seconds`];
    return [
      `| ${name} | ${cells.map((value) => value?.toFixed(4) ?? '').join(' | ')} | ${seconds?.toFixed(0) ?? ''} |`,
    ];
  });
  const peers = (PEERS[set] ?? []).map(
    ([name, r10, n10]) => `| *published: ${name}* | | ${r10} | | ${n10} | |`,
  );
  const head = `### ${dataset}, ${protocol}\n| | R@5 | R@10 | N@5 | N@10 | seconds |\n| --- | --- | --- | --- | --- | --- |`;
  return [head, ...rows, ...peers].join('\n');
}

function plainTable(figures: Readonly<Record<string, number>>): string {
  const rows = Object.entries(figures).map(([name, value]) => `| ${name} | ${value} |`);
  return ['| figure | value |', '| --- | --- |', ...rows].join('\n');
}
