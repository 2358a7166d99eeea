import { uuidIds } from './uuid-ids.js';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('ids are UUIDs of version 7 that begin with the time', () => {
  const id = uuidIds(() => 0x0123456789ab).next();
  expect(id).toMatch(V7);
  expect(id.startsWith('01234567-89ab-7000-')).toBe(true);
});

test('ids of one process sort in the order they were made, also in one millisecond and when the clock goes back', () => {
  const times = [...Array.from({ length: 10_000 }, () => 1_000), 900, 1_001, 1_002, 5_000];
  const ids = uuidIds(() => times.shift() ?? 5_000);
  const made = Array.from({ length: 10_010 }, () => ids.next());
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
});
