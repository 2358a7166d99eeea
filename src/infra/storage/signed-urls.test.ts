import type { MediaHash } from '../../domain/ids.js';
import { createSignedUrls } from './signed-urls.js';

const urls = createSignedUrls('a secret of at least thirty-two characters');
const now = new Date('2026-03-01T12:00:00Z');
const request = { hash: 'ab'.repeat(32) as MediaHash, width: 256, format: 'webp' } as const;
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

test('a signed URL is valid for a day and says what it asks for', () => {
  const url = urls.sign(request, now);
  expect(url).toMatch(/^\/media\/(ab){32}\/256\.webp\?e=\d+&s=[\w-]{43}$/);
  expect(urls.verify(url, later(24))).toMatchObject({ state: 'valid', request });
  expect(urls.verify(url, later(49))).toEqual({ state: 'expired' });
});

test('all URLs of one day are equal, so that browsers keep the picture', () => {
  expect(urls.sign(request, later(11))).toBe(urls.sign(request, now));
  expect(urls.sign(request, later(24))).not.toBe(urls.sign(request, now));
});

test.each([
  ['another width', (url: string) => url.replace('256', '512'), 'forged'],
  ['another expiry', (url: string) => url.replace(/e=\d/, 'e=9'), 'forged'],
  ['no signature', (url: string) => url.replace(/&s=.*/, ''), 'forged'],
  ['a width we do not make', (url: string) => url.replace('256', '999'), 'malformed'],
  ['a path upwards', (url: string) => url.replace('/media/', '/media/../'), 'malformed'],
  ['an expiry in words', (url: string) => url.replace(/e=\d+/, 'e=never'), 'malformed'],
])('%s is refused', (_, change, state) => {
  expect(urls.verify(change(urls.sign(request, now)), now)).toEqual({ state });
});

test('a URL signed with another secret is forged, and a short secret is not accepted', () => {
  const others = createSignedUrls('another secret of at least thirty-two!!');
  expect(others.verify(urls.sign(request, now), now)).toEqual({ state: 'forged' });
  expect(() => createSignedUrls('short')).toThrow('at least 32');
});
