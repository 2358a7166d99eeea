import { expect, test } from '@jest/globals';
import { shortMoment } from '../components/short-moment.js';
import { eventText, outcomeText, standingOf, summaryText } from './webhook-text.js';

const at = '2026-11-27T12:00:00.000Z';
const hook = { isOn: true, offReason: null, failingSince: null };
const delivery = { state: 'WAITING', attempts: 0, nextAt: at, lastStatus: null, lastError: null } as const;
const refused = { lastStatus: 500, lastError: 'status 500 came, 2xx was wanted' } as const;

test('a webhook that is off says who switched it off, and why', () => {
  expect(standingOf(hook)).toEqual({ tone: 'good', word: 'On', detail: null });
  expect(standingOf({ ...hook, isOn: false })).toMatchObject({ tone: 'off', word: 'Paused' });
  const detail = 'It failed for five days, so the server switched it off.';
  expect(standingOf({ ...hook, isOn: false, offReason: 'it failed for five days' })).toEqual({
    ...{ tone: 'trouble', word: 'Switched off', detail },
  });
});

test('one that is on and fails says since when, and what will come of it', () => {
  const { tone, word, detail } = standingOf({ ...hook, failingSince: at });
  expect([tone, word]).toEqual(['trouble', 'Failing']);
  expect(detail).toBe(`Nothing has arrived since ${shortMoment(at)}. After five days it is switched off.`);
});

test('a delivery says how it ended, or when it is tried again and what went wrong', () => {
  expect(outcomeText(delivery)).toBe('On its way');
  expect(outcomeText({ ...delivery, ...refused, attempts: 1 })).toBe(
    `1 try of 8, next ${shortMoment(at)}: status 500 came, 2xx was wanted`,
  );
  const ended = { ...delivery, nextAt: null };
  expect(outcomeText({ ...ended, ...refused, state: 'FAILED', attempts: 8 })).toBe(
    'Failed after 8 tries: status 500 came, 2xx was wanted',
  );
  expect(outcomeText({ ...ended, state: 'DELIVERED', attempts: 1, lastStatus: 204 })).toBe(
    'Arrived, answered with 204',
  );
});

test('an event is named in words, and one without a name is a test', () => {
  expect([eventText('FINISHED'), eventText(null)]).toEqual(['A job ends', 'A test']);
});

test('the summary counts addresses, and those in trouble', () => {
  expect(summaryText([])).toContain('Let a program of yours know');
  expect(summaryText([hook])).toBe('1 address is told about your jobs.');
  expect(summaryText([hook, { ...hook, failingSince: at }])).toBe(
    '2 addresses are told about your jobs, 1 of them in trouble.',
  );
});
