import type { ItemId } from '../ids.js';
import { checkClaims, type Records } from './check-claims.js';
import { contributions } from './contributions.js';
import type { Fact } from './facts.js';
import { writeReason } from './write-reason.js';

const opened: Fact = {
  kind: 'INTERACTION',
  eventId: 'e1',
  itemId: 'i1',
  title: 'Red apple',
  did: 'CLICK',
  contribution: 0.42,
};
const crowd: Fact = { kind: 'NEIGHBOUR', itemId: 'i1', title: 'Red apple', cohortSize: 37, overlap: 0.3 };
const fruit: Fact = {
  kind: 'ATTRIBUTE',
  itemId: 'i2',
  attribute: 'topic',
  value: 'fruit',
  times: 5,
  outOf: 12,
};
const trend: Fact = { kind: 'TREND', window: 'in the last 7 days', count: 45, change: 1.5 };

const records: Records = {
  titleOfItem: (id) => (id === 'i1' ? 'Red apple' : null),
  itemOfEvent: (id) => (id === 'e1' ? 'i1' : null),
  hasAttribute: (id, attribute, value) => id === 'i2' && attribute === 'topic' && value === 'fruit',
  hasFacet: () => false,
  countOfAttribute: () => ({ times: 5, outOf: 12 }),
  contributionOfEvent: () => 0.42,
  cohortSize: () => 37,
  trendCount: () => 45,
  wasExplored: () => false,
  request: () => ({ words: 'something cosy, no 3', nearness: 2 }),
};

test('a card says one sentence, about what the person did themself', () => {
  expect(writeReason([trend, crowd, opened], 'SHORT').text).toBe('Because you opened “Red apple”.');
});

test('every claim marks its own stretch of the text', () => {
  const { text, claims } = writeReason([opened, crowd, fruit], 'FULL');
  expect(claims.map(({ start, end }) => text.slice(start, end))).toEqual(claims.map((claim) => claim.text));
});

test('claims that the records carry are kept', () => {
  const checked = checkClaims(writeReason([opened, crowd, fruit, trend], 'FULL'), records);
  expect(checked.dropped).toBe(0);
  expect(checked.groundedShare).toBe(1);
});

test('what was asked for just now is said first, in the words it was asked with', () => {
  const asked: Fact = { kind: 'REQUEST', words: 'something cosy, no 3', nearness: 2 };
  const { text } = checkClaims(writeReason([opened, asked], 'SHORT'), records);
  expect(text).toBe('Near to what you asked for: “something cosy, no 3”.');
});

test('a counterfactual may say the measured share, and no other', () => {
  expect(checkClaims(writeReason([opened], 'COUNTERFACTUAL'), records).text).toContain('42 % less');
  const boasting = writeReason([{ ...opened, contribution: 0.9 }], 'COUNTERFACTUAL');
  expect(checkClaims(boasting, records)).toMatchObject({ text: '', dropped: 1 });
});

test.each([
  ['a title that the item does not have', { ...opened, title: 'Gold apple' }],
  ['an event of nobody', { ...opened, eventId: 'e9' }],
  ['a group too small to hide in', { ...crowd, cohortSize: 19 }],
  ['a count of people that the data does not give', { ...crowd, cohortSize: 380 }],
  ['a trend that is not there', { ...trend, count: 450 }],
  ['chance where there was none', { kind: 'EXPLORATION', policy: 'epsilon-greedy', rate: 0.05 }],
  ['words that nobody asked with', { kind: 'REQUEST', words: 'something loud', nearness: 2 }],
  ['a nearness that was not measured', { kind: 'REQUEST', words: 'something cosy, no 3', nearness: 3 }],
  ['an attribute that the item lacks', { ...fruit, value: 'tools' }],
  ['a count that the history does not give', { ...fruit, times: 9 }],
  [
    'a preference that was never stated',
    { kind: 'PREFERENCE', facetId: 'f1', attribute: 'topic', value: 'cats' },
  ],
] as [string, Fact][])('drops %s', (_, fact) => {
  expect(checkClaims(writeReason([fact], 'SHORT'), records)).toMatchObject({
    text: '',
    claims: [],
    dropped: 1,
  });
});

test('drops a sentence whose number is not in its evidence, whoever wrote it', () => {
  const text = 'A million people, 1000000, chose this in the last 7 days.';
  const evidence = [{ kind: 'TREND', window: 'in the last 7 days', count: 45, change: 1 }] as const;
  const claims = [{ text, start: 0, end: text.length, evidence, contribution: null }];
  expect(checkClaims({ text, claims }, records).dropped).toBe(1);
});

test('a dropped claim leaves no gap in the text', () => {
  const { text, claims } = checkClaims(writeReason([{ ...opened, eventId: 'gone' }, fruit], 'FULL'), records);
  expect(text).toBe('About fruit, like 5 of your last 12 choices.');
  expect(claims[0]).toMatchObject({ start: 0, end: text.length });
});

test('contributions are shares of what the history gave', () => {
  const scores = [
    [10, 4],
    [2, 5],
    [6, 4],
    [10, 3],
  ].map((row) => Float32Array.from(row));
  expect(contributions(scores).map((row) => [...row])).toEqual([
    [0.5, 0],
    [0, 0],
  ]);
});

test('evidence names the item of the claim', () => {
  expect(writeReason([crowd], 'SHORT').claims[0]?.evidence[0]).toMatchObject({
    kind: 'NEIGHBOUR',
    itemId: 'i1' as ItemId,
  });
});
