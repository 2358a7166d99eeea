/**
 * Mean over runs of each figure, and beside it `<figure>.sd`, the sample standard deviation, where there are two runs or more.
 * A figure that a run lacks (a part that was not trained) is the mean of the runs that have it.
 */
export function meanFigures(runs: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(runs.flatMap((run) => Object.keys(run)));
  const figures: Record<string, number> = {};
  for (const name of names) {
    const values = runs.flatMap((run) => run[name] ?? []);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    figures[name] = mean;
    if (values.length < 2) continue;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    figures[`${name}.sd`] = Math.sqrt(squares / (values.length - 1));
  }
  return figures;
}
