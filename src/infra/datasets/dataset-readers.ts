import type { DatasetReader } from '../../flow/dataset.js';
import { amazon5core } from './amazon-5core.js';
import { genericCsv, genericJsonl } from './generic-tables.js';
import { movielens100k } from './movielens-100k.js';
import { movielens1m } from './movielens-1m.js';
import { movielensLatestSmall } from './movielens-latest-small.js';

/** Every format that `npm run import` reads. */
export const datasetReaders: readonly DatasetReader[] = [
  movielens100k,
  movielens1m,
  movielensLatestSmall,
  amazon5core,
  genericCsv,
  genericJsonl,
];
