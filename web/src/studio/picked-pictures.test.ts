import { afterEach, expect, jest, test } from '@jest/globals';
import { PickedPictures } from './picked-pictures.js';

const made = jest.spyOn(URL, 'createObjectURL');
const revoked = jest.spyOn(URL, 'revokeObjectURL');
afterEach(() => {
  made.mockClear();
  revoked.mockClear();
});
const madeAt = (at: number) => made.mock.results[at]?.value as string;
const photo = new Blob(['photo']);

test('a picked file has an address until it is dropped, and the browser may forget it then', () => {
  const pictures = new PickedPictures();
  pictures.keep('a', photo);
  expect(pictures.addressOf('a')).toBe(madeAt(0));
  expect(pictures.addressOf('b')).toBeNull();
  pictures.drop('a');
  pictures.drop('a');
  expect(pictures.addressOf('a')).toBeNull();
  expect(revoked.mock.calls).toEqual([[madeAt(0)]]);
});

test('another file in its place, and the end of the visit, leave no address behind', () => {
  const pictures = new PickedPictures();
  pictures.keep('a', photo);
  pictures.keep('a', photo);
  expect(revoked.mock.calls).toEqual([[madeAt(0)]]);
  pictures.keep('b', photo);
  pictures.dropAll();
  expect(revoked.mock.calls).toEqual([[madeAt(0)], [madeAt(1)], [madeAt(2)]]);
  expect(pictures.addressOf('b')).toBeNull();
});
