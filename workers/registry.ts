import { importCatalogue } from '../src/flow/import-catalogue.js';
import { MAX_ATTEMPTS } from '../src/flow/create-job.js';
import { deleteWorksJob, tagWorksJob } from '../src/flow/bulk-works.js';
import { exportWorks } from '../src/flow/export-works.js';
import type { JobHandler } from '../src/flow/job-handler.js';
import type { JobName } from '../src/flow/jobs.js';
import { refreshCodesJob } from '../src/flow/refresh-codes.js';
import { renderPictures } from '../src/flow/render-pictures.js';
import { trainPictures } from '../src/flow/train-pictures.js';
import { evaluateRanker, trainRanker } from '../src/flow/train-ranker.js';

export interface JobSpec<N extends JobName> {
  /** One attempt; after it the signal aborts and the attempt counts as failed. */
  readonly timeoutMs: number;
  readonly retries: number;
  /** Heavy jobs use all cores: a worker runs one of them at a time. */
  readonly heavy: boolean;
  readonly run: JobHandler<N>;
}

const MINUTE = 60_000;

/** One row per job. A job without a row, or a row without a job, does not compile. */
export const registry = {
  'generate-pictures': row('generate-pictures', { timeoutMs: 10 * MINUTE, heavy: true, run: renderPictures }),
  'import-catalogue': row('import-catalogue', { timeoutMs: 60 * MINUTE, heavy: false, run: importCatalogue }),
  'train-ranker': row('train-ranker', { timeoutMs: 120 * MINUTE, heavy: true, run: trainRanker }),
  'evaluate-ranker': row('evaluate-ranker', { timeoutMs: 120 * MINUTE, heavy: true, run: evaluateRanker }),
  'refresh-codes': row('refresh-codes', { timeoutMs: 60 * MINUTE, heavy: true, run: refreshCodesJob }),
  'tag-works': row('tag-works', { timeoutMs: 10 * MINUTE, heavy: false, run: tagWorksJob }),
  'delete-works': row('delete-works', { timeoutMs: 10 * MINUTE, heavy: false, run: deleteWorksJob }),
  'export-works': row('export-works', { timeoutMs: 20 * MINUTE, heavy: false, run: exportWorks }),
  'train-pictures': row('train-pictures', { timeoutMs: 12 * 60 * MINUTE, heavy: false, run: trainPictures }),
} satisfies { [N in JobName]: JobSpec<N> };

function row<N extends JobName>(name: N, spec: Omit<JobSpec<N>, 'retries'>): JobSpec<N> {
  return { ...spec, retries: MAX_ATTEMPTS[name] - 1 };
}
