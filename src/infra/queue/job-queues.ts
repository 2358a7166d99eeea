import type { JobName } from '../../flow/jobs.js';

/** Messages of jobs whose worker died again and again end here; the worker closes their rows. */
export const DEAD_LETTERS = 'dead-letters';

/** Every job has a queue of its name: a missing one does not compile. */
const names: Readonly<Record<JobName, true>> = {
  'generate-pictures': true,
  'import-catalogue': true,
  'train-ranker': true,
  'evaluate-ranker': true,
  'refresh-codes': true,
  'tag-works': true,
  'delete-works': true,
  'export-works': true,
  'train-pictures': true,
};
export const JOB_QUEUES = Object.keys(names) as JobName[];

/** A worker says every 4 s that it lives; 12 s of silence hand its jobs to another one. */
export const HEARTBEAT_SECONDS = 12;
export const HEARTBEAT_REFRESH_SECONDS = 4;

/**
 * The runner decides when a job has failed for good (its row knows how many attempts it has); the queue's own limit only
 * stops a job that takes its worker's process down each time, which no runner sees.
 */
export const QUEUE_OPTIONS = {
  notify: false, // a new row of `job` gives notice, over a connection that we listen on anyway
  deadLetter: DEAD_LETTERS,
  retryLimit: 8,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  heartbeatSeconds: HEARTBEAT_SECONDS,
  // the longest training allowed is a day; shorter limits are the runner's
  expireInSeconds: 24 * 3600 - 1,
} as const;
