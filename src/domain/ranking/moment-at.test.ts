import { momentAt } from './moment-at.js';

test('a share of the events of all people lies before the moment', () => {
  const at = momentAt([
    Float64Array.of(50, 60, 70, 80),
    Float64Array.of(10, 20, 30, 40),
    new Float64Array(0),
  ]);
  expect([at(0), at(0.5), at(0.9)]).toEqual([10, 50, 80]);
  expect([at(1), momentAt([])(0.5)]).toEqual([Infinity, Infinity]);
});
