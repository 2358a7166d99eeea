import { expect, test } from '@jest/globals';
import { costText, estimateText } from './cost-text.js';

const estimate = { amount: 0.15, leftToday: 1.85, affordable: true, currency: 'USD' };
const cost = { reserved: 0.4, charged: 0, refunded: 0, currency: 'USD' };

test('an estimate names the most that it can cost and what is left of the day', () => {
  expect(estimateText(estimate)).toBe('Costs $0.15 at most; $1.85 of today’s budget is left.');
  expect(estimateText({ ...estimate, amount: 0 })).toBe('Costs nothing.');
});

test('what does not fit into the day is said before it is refused', () => {
  const text = estimateText({ ...estimate, leftToday: 0.0025, affordable: false });
  expect(text).toBe('Costs up to $0.15, but only $0.0025 of today’s budget is left.');
});

test('a run says what is set aside while it is open, and afterwards what it cost and what came back', () => {
  expect(costText(cost)).toBe('$0.40 set aside');
  expect(costText({ ...cost, charged: 0.1, refunded: 0.3 })).toBe('Cost $0.10, $0.30 came back');
  expect(costText({ ...cost, charged: 0.4 })).toBe('Cost $0.40');
  expect(costText({ ...cost, refunded: 0.4 })).toBe('Cost nothing, $0.40 came back');
  expect(costText({ ...cost, reserved: 0 })).toBeNull();
});
