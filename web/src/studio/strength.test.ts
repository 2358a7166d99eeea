import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { STRENGTH, strengthWords } from './strength.js';

test('a remix is wished for at the strength that the API takes where none is said', () => {
  const said =
    /"""\s+How much of the picture to start from to give up:.*Left out: ([\d.]+)\.\s+"""\s+strength: Float/;
  const [, usual] = said.exec(readFileSync('schema/schema.graphql', 'utf8')) ?? [];
  expect(Number(usual)).toBe(STRENGTH.usual);
});

test('each place of the slider has its words, and only the last gives up everything', () => {
  const places = ['0.1', '0.3', '0.5', '0.7', '0.8', '0.9', '1'].map(Number);
  expect(places.map(strengthWords)).toEqual([
    ...['A little', 'Some of it', 'About half', 'Most of it', 'Most of it', 'Nearly all', 'All of it'],
  ]);
});
