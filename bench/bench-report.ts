import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

export interface BenchReport {
  bench: string;
  figures: Record<string, number>;
  seed: number;
  machine: string;
  date: string;
}

/** Prints one JSON line, the last of a benchmark, and writes the same to `bench/results/<name>.json`. */
export function reportBench(name: string, figures: Record<string, number>, seed: number): BenchReport {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const report: BenchReport = {
    bench: name,
    figures: Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, rounded(value)])),
    seed,
    machine: `${availableParallelism()} cores, ${model}, node ${process.version}`,
    date: new Date().toISOString().slice(0, 10),
  };
  const line = JSON.stringify(report);
  mkdirSync('bench/results', { recursive: true });
  writeFileSync(`bench/results/${name}.json`, `${line}\n`);
  process.stdout.write(`${line}\n`);
  return report;
}

/** Figures that an earlier run left in the file, so that measuring one thing again keeps the rows of the others. */
export function keptFigures(name: string, isKept: (figure: string) => boolean): Record<string, number> {
  const file = `bench/results/${name}.json`;
  if (!existsSync(file)) return {};
  const { figures } = JSON.parse(readFileSync(file, 'utf8')) as BenchReport;
  return Object.fromEntries(Object.entries(figures).filter(([figure]) => isKept(figure)));
}

/** Four significant digits: more would be noise. Counts and days stay whole. */
const rounded = (value: number) => (Number.isInteger(value) ? value : Number(value.toPrecision(4)));
