import type { ItemId } from '../domain/ids.js';
import { idSeal } from './ids.js';

const ids = idSeal('a secret of this test, long enough');
const uuid = '0190f5a2-7c3e-7b1a-9d4e-3f2a1b0c9d8e' as ItemId;

test('what was sealed opens as the same value of the same kind', () => {
  expect(ids.open('Item', ids.seal('Item', uuid))).toBe(uuid);
  expect(ids.open('Topic', ids.seal('Topic', 'sea creatures ü'))).toBe('sea creatures ü');
  expect(ids.peek(ids.seal('Item', uuid))).toEqual({ kind: 'Item', value: uuid });
});

test('an id of another kind is refused with what was wanted and what came', () => {
  expect(() => ids.open('Job', ids.seal('Item', uuid), ['jobId'])).toThrow(
    'jobId: an id of a Job was wanted, one of a Item came',
  );
});

test('no change of one character, and no other secret, opens anything', () => {
  const sealed = ids.seal('Item', uuid);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (let i = 0; i < sealed.length; i++)
    for (const char of alphabet)
      if (char !== sealed[i]) expect(ids.peek(sealed.slice(0, i) + char + sealed.slice(i + 1))).toBeNull();
  expect(idSeal('another secret, also long enough').peek(sealed)).toBeNull();
  for (const text of ['', 'x', 'A'.repeat(12), uuid]) expect(ids.peek(text)).toBeNull();
});
