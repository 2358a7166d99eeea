import type { TuningReport } from '../domain/ranking/objectives/tune-by-recipe.js';

const FIGURES = { N10: 'N@10', R10: 'R@10', gini: 'gini', meanPopularity: 'mean popularity' } as const;

/** What a second stage did, on the validation people: before and after, then a line per round. Nothing where there was none. */
export function tuningLines(tuning: TuningReport | null): string[] {
  if (tuning === null) return [];
  const { objective, preferences, rewardAccuracy, isKept, before, after, rounds } = tuning;
  const known = preferences > 0 ? `${preferences} stored preferences` : 'no stored preferences';
  const judge =
    rewardAccuracy === null ? '' : `, reward model right in ${(100 * rewardAccuracy).toFixed(0)} %`;
  const verdict = isKept ? 'the tuned trunk is used' : 'no round was better, so the trunk stays as it was';
  const changes = (Object.keys(FIGURES) as (keyof typeof FIGURES)[]).map(
    (name) => `${FIGURES[name]} ${before[name].toFixed(4)} -> ${after[name].toFixed(4)}`,
  );
  const goal =
    before.goal === null ? [] : [`goal ${before.goal.toFixed(4)} -> ${(after.goal ?? 0).toFixed(4)}`];
  const told = rounds.map((round, i) => {
    const measures = Object.entries(round.measures).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    const aim = round.goal === null ? [] : [`goal ${round.goal.toFixed(4)}`];
    const own = [`loss ${round.loss.toFixed(4)}`, `N@10 ${round.N10.toFixed(4)}`, ...aim, ...measures];
    return `  round ${i + 1}: ${own.join(', ')}`;
  });
  return [
    `Tuned with ${objective} (${known}${judge}): ${verdict}.`,
    `  ${[...changes, ...goal].join(', ')} on validation`,
    ...told,
  ];
}
