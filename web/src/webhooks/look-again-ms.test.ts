import { expect, test } from '@jest/globals';
import { lookAgainMs } from './look-again-ms.js';

const waiting = (attempts: number) => ({ state: 'WAITING', attempts }) as const;
const failed = { state: 'FAILED', attempts: 1 } as const;

test('the page looks often while a first try is on its way, seldom otherwise, and never where all is off', () => {
  expect(lookAgainMs([{ isOn: true, deliveries: [failed, waiting(0)] }])).toBe(2_000);
  expect(lookAgainMs([{ isOn: true, deliveries: [waiting(3), failed] }])).toBe(30_000);
  expect(lookAgainMs([{ isOn: false, deliveries: [failed] }])).toBe(0);
  expect(lookAgainMs([])).toBe(0);
});
