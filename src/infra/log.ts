import { pino } from 'pino';
import type { Log } from '../flow/ports.js';

/** One JSON line per event on standard error, so that a log is data and standard output stays for results. */
export function createLog(quiet: boolean): Log {
  const logger = pino(
    { base: null, level: quiet ? 'silent' : 'info' },
    pino.destination({ dest: 2, sync: true }),
  );
  return (event, { error, ...fields } = {}) => {
    if (error === undefined) logger.info(fields, event);
    else logger.error({ ...fields, err: error }, event);
  };
}
