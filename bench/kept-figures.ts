import { existsSync, readFileSync } from 'node:fs';

/** What stands in a result file already and does not belong to this run, so that several benches can share one file. */
export function keptFigures(bench: string, isOwn: (figure: string) => boolean): Record<string, number> {
  const file = `bench/results/${bench}.json`;
  if (!existsSync(file)) return {};
  const { figures } = JSON.parse(readFileSync(file, 'utf8')) as { figures: Record<string, number> };
  return Object.fromEntries(Object.entries(figures).filter(([name]) => !isOwn(name)));
}
