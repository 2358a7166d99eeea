import { isDatabaseAway } from './database-away.js';

const coded = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ['a refused connection', coded('ECONNREFUSED')],
  ['a socket that is not there yet', Object.assign(coded('ENOENT'), { syscall: 'connect' })],
  ['a server that starts', coded('57P03')],
  ['a broken connection', coded('08006')],
  ['a connection that ended under a statement', new Error('Connection terminated unexpectedly')],
  ['one of several addresses', new AggregateError([coded('EHOSTUNREACH'), coded('ECONNREFUSED')])],
  ['a sentence around it', new Error('DATABASE_URL: …', { cause: coded('ECONNRESET') })],
])('%s: it may come back', (_, error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

test.each([
  ['a wrong password', coded('28P01')],
  ['a missing database', coded('3D000')],
  ['a migration that failed', new Error('Migration 0001 failed', { cause: coded('42P07') })],
  ['a missing file', coded('ENOENT')],
  ['nothing', null],
])('%s: waiting would not help', (_, error) => {
  expect(isDatabaseAway(error)).toBe(false);
});
