import type { ContestantReport, ProtocolReport } from '../src/domain/ranking/evaluate.js';
import type { TrainedAll } from '../src/domain/ranking/train-all.js';
import { codeHealth } from '../src/domain/semantic-ids/code-health.js';
import { semanticLevels } from '../src/domain/semantic-ids/tokenizer.js';

export type Figures = Record<string, number>;

/**
 * Everything one training run measured, flat, under `<set>.<protocol>.<part>.<figure>`. `today` (YYYY-MM-DD) is kept as the number
 * YYYYMMDD, because tables of several days share one file.
 */
export function rankingFigures(
  set: string,
  { model, reports, seconds, fusions }: TrainedAll,
  today: string,
): Figures {
  const figures: Figures = {};
  reports.forEach((report, r) => {
    const prefix = `${set}.${report.protocol}`;
    Object.assign(figures, protocolFigures(prefix, report));
    figures[`${prefix}.people`] = report.people;
    figures[`${prefix}.day`] = Number(today.replaceAll('-', ''));
    figures[`${prefix}.fusion.validation.N10`] = fusions[r]?.validation ?? 0;
  });
  const prefix = reports[0]?.protocol === 'T' ? `${set}.T` : set;
  for (const [part, value] of Object.entries(seconds)) figures[`${prefix}.seconds.${part}`] = value;
  if (model.codes !== null) {
    const { ids, tokenizer } = model.codes;
    const { uniqueRate, levels } = codeHealth(ids, semanticLevels(tokenizer, ids));
    figures[`${prefix}.codes.uniqueRate`] = uniqueRate;
    figures[`${prefix}.codes.entropy`] =
      levels.reduce((sum, { entropy }) => sum + entropy, 0) / Math.max(levels.length, 1);
  }
  return figures;
}

function protocolFigures(prefix: string, { contestants }: ProtocolReport): Figures {
  const figures: Figures = {};
  for (const [name, report] of Object.entries<ContestantReport>(contestants)) {
    const { R5, R10, N5, N10, MRR, coverage, novelty, gini, buckets, gainOverPopularity } = report;
    const own = { R5, R10, N5, N10, MRR, coverage, novelty, gini, gainLow: gainOverPopularity.low };
    for (const [figure, value] of Object.entries(own)) figures[`${prefix}.${name}.${figure}`] = value;
    for (const [label, { R10: recall, N10: ndcg, people }] of Object.entries(buckets)) {
      figures[`${prefix}.${name}.history ${label}.R10`] = recall;
      figures[`${prefix}.${name}.history ${label}.N10`] = ndcg;
      figures[`${prefix}.history ${label}.people`] = people;
    }
  }
  return figures;
}
