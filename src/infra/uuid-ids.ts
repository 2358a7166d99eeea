import { randomBytes } from 'node:crypto';
import type { Ids } from '../flow/ports.js';

/**
 * UUID version 7 (RFC 9562): 48 bits of milliseconds, then 12 bits that count on within one millisecond (method 1 of
 * section 6.2), then 62 random bits: ids of one process sort in the order in which they were made.
 */
export function uuidIds(now: () => number = Date.now): Ids {
  let last = 0;
  let counter = 0;
  return {
    next() {
      const time = Math.max(now(), last);
      counter = time === last ? counter + 1 : 0;
      // more than 4096 in one millisecond, or a clock that went back: borrow from the next millisecond
      last = counter > 0xfff ? time + 1 : time;
      counter &= 0xfff;
      return format(last, counter, randomBytes(8));
    },
  };
}

function format(time: number, counter: number, random: Uint8Array): string {
  const tail = Buffer.from(random);
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const milliseconds = time.toString(16).padStart(12, '0');
  const rest = tail.toString('hex');
  return [
    milliseconds.slice(0, 8),
    milliseconds.slice(8),
    `7${counter.toString(16).padStart(3, '0')}`,
    rest.slice(0, 4),
    rest.slice(4),
  ].join('-');
}
