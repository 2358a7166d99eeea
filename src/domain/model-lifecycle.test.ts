import { assertMayMove } from './model-lifecycle.js';
import type { ModelState } from './model-version.js';

const STATES: readonly ModelState[] = ['CANDIDATE', 'SHADOW', 'LIVE', 'RETIRED'];

test('these moves there are, and no others', () => {
  const allowed = STATES.flatMap((from) =>
    STATES.flatMap((to) => {
      try {
        assertMayMove(from, to);
        return [`${from} -> ${to}`];
      } catch {
        return [];
      }
    }),
  );
  expect(allowed).toEqual([
    'CANDIDATE -> SHADOW',
    'CANDIDATE -> LIVE',
    'CANDIDATE -> RETIRED',
    'SHADOW -> CANDIDATE',
    'SHADOW -> LIVE',
    'SHADOW -> RETIRED',
    'RETIRED -> LIVE',
  ]);
});

test('a refusal says what would have been possible', () => {
  expect(() => assertMayMove('RETIRED', 'SHADOW')).toThrow(
    'a RETIRED model can become LIVE; SHADOW was asked for',
  );
});
