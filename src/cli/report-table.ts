import type { Contestant, ProtocolReport } from '../domain/ranking/evaluate.js';
import { CONTESTANT_LABELS } from './contestant-labels.js';

/** One protocol's table: every part alone, then the fusion; recall and NDCG over the whole catalogue. */
export function reportTable(
  { protocol, people, contestants }: ProtocolReport,
  seconds: Readonly<Record<string, number>>,
): string {
  const rows = (Object.keys(CONTESTANT_LABELS) as Contestant[]).flatMap((name) => {
    const report = contestants[name];
    if (report === undefined) return [];
    const { R5, R10, N5, N10, coverage } = report;
    const figures = [R5, R10, N5, N10].map((value) => value.toFixed(4));
    const took = name === 'fusion' ? '' : (seconds[name]?.toFixed(1) ?? '');
    return [[CONTESTANT_LABELS[name], ...figures, `${(100 * coverage).toFixed(1)} %`, took]];
  });
  const table = [['', 'R@5', 'R@10', 'N@5', 'N@10', 'coverage', 'seconds'], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0))).join('  '),
  );
  return [`Protocol ${protocol}, ${people} people`, ...lines].join('\n');
}
