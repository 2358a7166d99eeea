import { CONTESTANT_LABELS } from '../src/cli/contestant-labels.js';
import type { Contestant } from '../src/domain/ranking/evaluate.js';
import { HISTORY_BUCKETS } from '../src/domain/ranking/history-buckets.js';

type Figures = Readonly<Record<string, number>>;

const PARTS: Readonly<Record<Contestant, string>> = { ...CONTESTANT_LABELS, fusion: '**fusion**' };
const METRICS = ['R5', 'R10', 'N5', 'N10'] as const;

/** Published numbers under the same protocol, R@10 / N@10; sources are named in the text over the tables. */
const PEERS: Readonly<Record<string, readonly (readonly [string, string, string])[]>> = {
  'beauty.A1': [
    ['SASRec, one negative (S3-Rec table)', '0.0605', '0.0318'],
    ['SASRec + sampled softmax (eSASRec paper)', '0.0921', '0.0531'],
    ['eSASRec', '0.0928', '0.0523'],
  ],
  'beauty.A2': [
    ['TIGER (paper)', '0.0648', '0.0384'],
    ['RPG (paper)', '0.0809', '0.0464'],
    ['BARGE', '0.0927', '0.0547'],
  ],
  'ml-1m.M4': [
    ['SASRec with full cross-entropy (3,416-item file)', '0.3152', '0.1821'],
    ['HSTU-large, time of the target given (RecTools)', '0.3642', '0.2164'],
  ],
};

/** Per set and protocol: every part with quality, breadth and time; quality by length of history; how the codes are used. */
export function rankingTables(figures: Figures): string {
  const sets = [...new Set(Object.keys(figures).map((name) => name.split('.').slice(0, 2).join('.')))];
  const judged = sets.filter((set) => figures[`${set}.popularity.N10`] !== undefined);
  return judged.map((set) => tablesOf(set, figures)).join('\n\n');
}

function tablesOf(set: string, figures: Figures): string {
  const [dataset = '', protocol = ''] = set.split('.');
  const people = figures[`${set}.people`];
  const seeds = figures[`${dataset}.seeds`] ?? 1;
  const asked = people === undefined ? '' : `${people} people, `;
  return [
    `### ${dataset}, ${protocol}`,
    `${asked}${seeds === 1 ? 'one seed' : `${seeds} seeds, mean ± standard deviation`}${on(figures[`${set}.day`])}.\n`,
    mainTable(set, figures),
    ...bucketTable(set, figures),
    ...codeUsage(protocol === 'T' ? set : dataset, figures),
  ].join('\n');
}

/** 20261125 -> `, measured on 2026-11-25`. */
const on = (day: number | undefined) =>
  day === undefined ? '' : `, measured on ${String(day).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')}`;

function partsOf(set: string, figures: Figures): (readonly [part: string, name: string])[] {
  return Object.entries(PARTS).filter(([part]) => figures[`${set}.${part}.R10`] !== undefined);
}

function mainTable(set: string, figures: Figures): string {
  const [dataset = '', protocol = ''] = set.split('.');
  const times = protocol === 'T' ? `${set}.seconds` : `${dataset}.seconds`;
  const rows = partsOf(set, figures).map(([part, name]) => {
    const cells = METRICS.map((metric) => withSpread(`${set}.${part}.${metric}`, figures));
    const [coverage, novelty, gini] = ['coverage', 'novelty', 'gini'].map(
      (figure) => figures[`${set}.${part}.${figure}`],
    );
    const seconds = figures[`${times}.${part}`]?.toFixed(0) ?? '';
    const breadth = [percent(coverage), novelty?.toFixed(1) ?? '', gini?.toFixed(2) ?? ''];
    return `| ${[name, ...cells, ...breadth, seconds].join(' | ')} |`;
  });
  const peers = (PEERS[set] ?? []).map(
    ([name, r10, n10]) => `| *published: ${name}* | | ${r10} | | ${n10} | | | | |`,
  );
  const head = '| | R@5 | R@10 | N@5 | N@10 | coverage | novelty | gini | seconds |';
  return [head, '| --- | --- | --- | --- | --- | --- | --- | --- | --- |', ...rows, ...peers].join('\n');
}

const percent = (share: number | undefined) => (share === undefined ? '' : `${(100 * share).toFixed(1)} %`);

function withSpread(name: string, figures: Figures): string {
  const [value, spread] = [figures[name], figures[`${name}.sd`]];
  if (value === undefined) return '';
  return spread === undefined ? value.toFixed(4) : `${value.toFixed(4)} ± ${spread.toFixed(4)}`;
}

/** N@10 by length of history; lengths nobody has are left out. */
function bucketTable(set: string, figures: Figures): string[] {
  const labels = HISTORY_BUCKETS.map(({ label }) => label).filter(
    (label) => figures[`${set}.popularity.history ${label}.N10`] !== undefined,
  );
  if (labels.length === 0) return [];
  const titles = labels.map((label) => {
    const people = figures[`${set}.history ${label}.people`];
    return people === undefined ? label : `${label} (${people.toFixed(0)} people)`;
  });
  const rows = partsOf(set, figures).map(([part, name]) => {
    const cells = labels.map((label) => figures[`${set}.${part}.history ${label}.N10`]?.toFixed(4) ?? '');
    return `| ${[name, ...cells].join(' | ')} |`;
  });
  const head = `| N@10 by history | ${titles.join(' | ')} |`;
  return ['', head, `| --- | ${labels.map(() => '---').join(' | ')} |`, ...rows];
}

function codeUsage(prefix: string, figures: Figures): string[] {
  const [unique, entropy] = [figures[`${prefix}.codes.uniqueRate`], figures[`${prefix}.codes.entropy`]];
  if (unique === undefined || entropy === undefined) return [];
  const share = `${(100 * unique).toFixed(1)} % of the items have a code of their own`;
  return ['', `Codes: ${share} before the last digit; entropy of the levels ${entropy.toFixed(3)} of 1.`];
}
