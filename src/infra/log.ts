import path from 'node:path';
import { pino } from 'pino';
import type { Log } from '../flow/ports.js';

interface Settings {
  readonly log: 'file' | 'stderr' | 'none';
  readonly home: string;
}

/** One JSON line per event, so that a log is data and what a person reads in the terminal stays readable. */
export function createLog({ log, home }: Settings): Log {
  const destination = log === 'file' ? path.join(home, 'vitrine.log') : 2;
  const options = { base: { pid: process.pid }, level: log === 'none' ? 'silent' : 'info' };
  const logger = pino(
    options,
    pino.destination({ dest: destination, sync: true, mkdir: true, append: true }),
  );
  return (event, { error, ...fields } = {}) => {
    if (error === undefined) logger.info(fields, event);
    else logger.error({ ...fields, err: error }, event);
  };
}
